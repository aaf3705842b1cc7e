export { finishRestore } from './restore.js';
export { isRestoreFile, RESTORE_POINT } from './restore-files.js';
export { findSnapshot } from './snapshot.js';
export { checkFiles } from './stage.js';
