export * from './accounts.js';
export * from './catalog.js';
export * from './classifications.js';
export * from './crops.js';
export * from './dead-letters.js';
export * from './detections.js';
export * from './group-commit.js';
export * from './inbox.js';
export { number } from './keys.js';
export * from './observations.js';
export {
  leaveOutbox,
  listRetained,
  type OutboxRow,
  oldestInOutbox,
  putInOutbox,
  putRetained,
} from './outbox.js';
export * from './past-points.js';
export * from './point-trouble.js';
export * from './points.js';
export * from './points-sent.js';
export * from './reading.js';
export * from './reclassify.js';
export { emptyRun } from './run-counts.js';
export * from './run-points.js';
export * from './runs.js';
export type * from './schema.js';
export * from './trap-events.js';
export * from './trap-reading.js';
export * from './traps.js';
