export { type CropId, cropKey, ID_PATTERN, isId, type RunId, runKey } from './ids.js';
export { type InsectDetectRow, insectDetectRows, round2 } from './insect-detect.js';
export { type Label, type LineageStep, lineageOf } from './label.js';
export { mergeFields } from './merge.js';
export {
  DEFAULT_DECISION,
  type DecisionRule,
  type Observation,
  observe,
} from './observation.js';
export { isOnline, isSilent, type Presence } from './presence.js';
export { type RankedLabel, rankLabels } from './ranking.js';
export {
  RECEIPT_WAIT_MS,
  type Receipt,
  type RejectedCrop,
  type RunAccount,
  receiptDueAtMs,
  receiptOf,
  refusedReceipt,
} from './receipt.js';
export { type RolledUp, rollUp } from './roll-up.js';
export {
  type Completion,
  type CompletionRule,
  completionOf,
  DEFAULT_COMPLETION,
  type RunProgress,
} from './run.js';
export { type DeviceTime, isClockSuspect, isTimeText, readTime } from './time.js';
export { isTimeZone, offsetMinAt, wallOffsetMin } from './time-zone.js';
export { byCodePoint, groupVotes, type LabelVotes, type Vote } from './votes.js';
