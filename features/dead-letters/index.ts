export { DeadLettersModule } from './dead-letters.module.js';
export { countDeadLetters, type NewDeadLetter, putDeadLetter } from './dead-letters.repository.js';
