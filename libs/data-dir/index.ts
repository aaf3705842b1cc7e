export { abandonedBrokerSessions, type BrokerSession, claimBrokerSession } from './broker-sessions.js';
export { claimFolder, type FolderHold, FolderInUseError, serveFolder, shareFolder } from './folder-lock.js';
export { type FolderMark, MARK_FILE, readMark, writeMark } from './folder-mark.js';
export { makeFolder } from './make-folder.js';
export { keepPrivate, takeFromOthers } from './private-file.js';
