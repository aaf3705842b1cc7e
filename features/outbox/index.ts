export {
  enqueueDelete,
  enqueueTelemetry,
  eventRunId,
  isOfEvent,
  isOfTelemetry,
  telemetryAtMs,
} from './moved-telemetry.js';
export { dropRetained, listRetained, putInOutbox, putRetained } from './outbox.repository.js';
export {
  enqueueEverything,
  enqueueForSender,
  enqueuePast,
  hasUnqueuedPast,
  stopQueueing,
} from './past-points.js';
export {
  ackPoints,
  activityPoint,
  enqueuePoints,
  eventPoint,
  lockSenders,
  oldestPoints,
  type PointName,
  type Queue,
  runPoint,
  telemetryPoint,
  type WaitingPoint,
  waitingMessages,
  waitingPoints,
} from './points.repository.js';
export { type Publish, sendOutbox } from './send-outbox.js';
