export * from './activity/episodes.js';
export * from './activity/judge-hour.js';
export { type Agreement, agreementOf, type JudgedRuns, type LabelAgreement } from './agreement.js';
export { type Heard, shiftByNeighbours, shiftIntoWindow } from './clock-shift.js';
export {
  type Deployment,
  endOf,
  type Gap,
  isUnderWay,
  nextDeploymentId,
  openedAt,
  placeSaid,
  roomFor,
  startOf,
  whereAt,
} from './deployment.js';
export { type Coordinates, distanceM } from './distance.js';
export { type EffortHour, effortHours, type RecordedSession } from './effort.js';
export {
  type FirstKind,
  type FirstSighting,
  firstKindAfter,
  firstSightings,
  type Sighting,
  sightedTaxon,
  withGenus,
} from './first-sightings.js';
export { type CropId, cropKey, ID_PATTERN, isId, NAME_PATTERN, type RunId, runKey, toName } from './ids.js';
export { type InsectDetectRow, insectDetectRows, round2, roundTo } from './insect-detect.js';
export { type Label, type LineageStep, lineageOf } from './label.js';
export { mergeFields } from './merge.js';
export { NOT_INSECT, nameReview, type ReviewFault, type SaidReview } from './name-review.js';
export { type Nearest, nearest } from './nearest.js';
export {
  DEFAULT_DECISION,
  type DecisionRule,
  type Observation,
  observe,
} from './observation.js';
export { type OffsetChange, offsetChanges } from './offset-changes.js';
export { choosePasses, decidePass, inPass, isOddSpan, passWithin, type Span } from './passes.js';
export { plural } from './plural.js';
export { isAsleep, isOnline, isSilent, overdueMs, type Presence } from './presence.js';
export { atLeast, PROBABILITY_TOLERANCE, reaches } from './probability.js';
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
export {
  isOlderThan,
  type Keepers,
  type KeptBecause,
  keepers,
  MOST_AT_ONCE,
  type PicturedRun,
  type RetentionRule,
  SHRUNK_BELOW,
} from './retention.js';
export {
  decidingReview,
  type Named,
  namedOf,
  type Observed,
  PEOPLE,
  REVIEW_VERDICTS,
  type Review,
  type ReviewVerdict,
  type Verdict,
  verdictOf,
} from './review.js';
export { type RolledUp, rollUp } from './roll-up.js';
export {
  type Completion,
  type CompletionRule,
  completionOf,
  DEFAULT_COMPLETION,
  type RunProgress,
} from './run.js';
export { isTimeKnown, knownTimeMs, placeInTime, timeOrReceiptMs } from './run-time.js';
export {
  isScientificName,
  type ScientificName,
  splitName,
  splitQualifier,
  tidyName,
} from './scientific-name.js';
export { isNoFix, type SweptPayload, sweepSentinels, type ValueFault } from './sentinels.js';
export { type DeviceTime, isClockSuspect, isTimeText, readTime, withMicros } from './time.js';
export { canonicalZone, isTimeZone, offsetMinAt, wallOffsetMin } from './time-zone.js';
export { readTrapTime, type TrapZones, type ZonedTimes } from './trap-zones.js';
export { visitLengthS } from './visit-length.js';
export { byCodePoint, groupVotes, type LabelVotes, type Vote } from './votes.js';
