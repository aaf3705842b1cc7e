export { clock } from './checks/clock-check.js';
export { type Finding, fail, ok, reasonOf, skipped, type Verdict, warn } from './checks/finding.js';
export { influx } from './checks/influx-check.js';
export { deadLetters, journal, outbox, someCropFiles, traps } from './checks/queue-checks.js';
export {
  allFiles,
  backup,
  backupFiles,
  dataFolder,
  disk,
  files,
  pairing,
  restores,
  retention,
  serviceKey,
  setAside,
} from './checks/storage-checks.js';
export { HealthModule } from './health.module.js';
