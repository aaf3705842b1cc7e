export { sessionsForEffort, type TrapSessions } from './effort.repository.js';
export { SessionsModule } from './sessions.module.js';
export { listSessions } from './sessions.repository.js';
export { sessionMinutes, sessionTimeFrom, sessionTimes } from './sessions.schema.js';
