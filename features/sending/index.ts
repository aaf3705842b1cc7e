export { BodyLimiter, type BodyShare } from './body-limiter.js';
export { announcedBytes, type ReadBody, readBody, senderOf } from './read-body.js';
export { type FormFile, type FormTaker, readForm } from './read-form.js';
export { expectOwnTrap, rejectionProblem } from './rejection-problem.js';
export { SendingModule } from './sending.module.js';
export { SentMessages, unavailable } from './sent-messages.js';
