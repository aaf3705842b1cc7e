export { sessionsForEffort, type TrapSessions } from './effort.repository.js';
export { SessionsController } from './sessions.controller.js';
export { listSessions } from './sessions.repository.js';
export { sessionMinutes, sessionTimeFrom, sessionTimes } from './sessions.schema.js';
