export { EffortRepository, type TrapSessions } from './effort.repository.js';
export { SessionsModule } from './sessions.module.js';
export {
  findDueSession,
  findSession,
  listSessions,
  markSessionDue,
  markSessionDueIfKnown,
  putSession,
  type SessionCursor,
  SessionsRepository,
  sessionsOfRuns,
  sessionsReadBefore,
  setSessionTimes,
  takeDueSession,
} from './sessions.repository.js';
export { sessionTimeFrom, sessionTimes } from './sessions.schema.js';
