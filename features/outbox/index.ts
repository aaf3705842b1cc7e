export { type Change, changesSince, forgetChanges, newestChange, noteChange } from './changes.repository.js';
export { dropRetained, listRetained, type OutboxRow, putInOutbox, putRetained } from './outbox.repository.js';
export {
  enqueueEverything,
  enqueueForSender,
  enqueuePast,
  hasUnqueuedPast,
  stopQueueing,
} from './past-points.js';
export {
  ackDelete,
  ackPoints,
  activityPoint,
  countStalePoints,
  enqueuePoints,
  eventPoint,
  noteSending,
  oldestPoints,
  type PointName,
  pointKey,
  type Queue,
  runPoint,
  type SendResult,
  type SentPoint,
  stalePoints,
  telemetryPoint,
  type WaitingPoint,
  waitingMessages,
  waitingPoints,
} from './points.repository.js';
export { type Publish, sendOutbox } from './send-outbox.js';
