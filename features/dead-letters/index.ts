export { DeadLetterActionsController } from './dead-letter-actions.controller.js';
export { DeadLettersController } from './dead-letters.controller.js';
export { countDeadLetters, type NewDeadLetter, putDeadLetter } from './dead-letters.repository.js';
