export { type Alarm, type Episode, episodesOf, isOver, isSame } from './activity/episodes.js';
export {
  type ActivityRule,
  DEFAULT_ACTIVITY_RULE,
  type HourSeries,
  judgeHour,
  type SeriesHour,
} from './activity/judge-hour.js';
export {
  comparableDays,
  type DayBefore,
  USUAL_DAYS,
  type UsualRange,
  usualOf,
  usualRange,
} from './activity/usual.js';
export {
  type Deployment,
  type DeploymentPeriod,
  deploymentOf,
  freePeriodFor,
  type Gap,
  isUnderWay,
  nextDeploymentId,
  openedAt,
  placeSaid,
  whereAt,
} from './deployment/deployment.js';
export type { Coordinates } from './deployment/distance.js';
export { type EffortHour, effortHours, type RecordedSession } from './deployment/effort.js';
export { type Session, sessionMinutes, sessionPlace, type TimeFrom } from './deployment/session.js';
export {
  DEFAULT_TAXON_RULE,
  type Decision,
  decideRun,
  evidenceOf,
  type RunEvidence,
  sumOf,
  type TaxonRule,
} from './observation/decide-run.js';
export {
  type FirstSighting,
  firstKindAfter,
  firstSightings,
  type Sighting,
  sightedTaxon,
  withGenus,
} from './observation/first-sightings.js';
export { insectDetectRows, round2, roundTo } from './observation/insect-detect.js';
export { type Label, lineageOf } from './observation/label.js';
export {
  DEFAULT_DECISION,
  type DecisionRule,
  type ModelObservation,
  type Observation,
  observe,
} from './observation/observation.js';
export { observeTaxa } from './observation/observe-taxa.js';
export { atLeast, reaches } from './observation/probability.js';
export { isScientificName, splitName, splitQualifier, tidyName } from './observation/scientific-name.js';
export { occurring, type TaxonNode, TaxonTree } from './observation/taxon-tree.js';
export { groupVotes, type LabelVotes } from './observation/votes.js';
export { type Agreement, agreementOf, type ReviewedRuns } from './review/agreement.js';
export { labelOfTaxon, nameReview, type ReviewFault } from './review/name-review.js';
export {
  type DecidedTaxon,
  decidedTaxonOf,
  decidingReview,
  HUMAN,
  type ModelVerdict,
  REVIEW_VERDICTS,
  type RecordedReview,
  type Review,
  type ReviewVerdict,
  verdictOf,
} from './review/review.js';
export { type Completion, type CompletionRule, completionOf } from './run/completion.js';
export type { Classification, ClassifiedCrop, Crop, Detection } from './run/crop.js';
export {
  type CropId,
  cropKey,
  ID_PATTERN,
  isId,
  NAME_PATTERN,
  type RunId,
  runKey,
  toName,
} from './run/ids.js';
export { type Receipt, receiptOf, rejectedReceipt } from './run/receipt.js';
export {
  isOlderThan,
  type Keepers,
  keepers,
  MOST_AT_ONCE,
  type PicturedRun,
  type RetentionRule,
  SHRUNK_BELOW,
} from './run/retention.js';
export type { ObservedRun, Run } from './run/run.js';
export { type RunDetails, withDetails } from './run/run-details.js';
export { visitLengthS } from './run/visit-length.js';
export { type Heard, shiftByNeighbours, shiftIntoWindow } from './time/clock-shift.js';
export { offsetChanges } from './time/offset-changes.js';
export { choosePasses, decidePass, inPass, isOddSpan, passWithin, type Span } from './time/passes.js';
export { isTimeKnown, knownTimeMs, placeInTime, timeOrReceiptMs } from './time/run-time.js';
export { type DeviceTime, isClockSuspect, isTimeText, readTime, withMicros } from './time/time.js';
export { canonicalZone, isTimeZone, offsetMinAt, wallOffsetMin } from './time/time-zone.js';
export { readTrapTime, relevantZones, type TrapZones } from './time/trap-zones.js';
export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time/units.js';
export { isAsleep, isOnline, isSilent, overdueMs, type Presence, presenceState } from './trap/presence.js';
export { sweepSentinels, type ValueFault } from './trap/sentinels.js';
export type { EditorField, Telemetry, Trap } from './trap/trap.js';
