export {
  countInProgress,
  hasCropsInProgress,
  saveClassifications,
  type Turn,
  trapsWaiting,
  votesOf,
  type WaitingCrop,
  waitingCrops,
} from './classifications.repository.js';
export {
  type FirstSightingRow,
  followSightings,
  listFirstSightings,
  sightingsDue,
} from './first-sightings.js';
export {
  asRow,
  findObservation,
  type ObservationRow,
  putObservation,
  saysTheSame,
} from './observations.repository.js';
export { publishNewest, publishVerdict } from './publish-verdict.js';
export { countPast, queuePast, queueUnseen, type ReclassifyFilter } from './reclassify.js';
export { eventsNamed, recordEvent, type TrapEventWithTaxon } from './trap-events.repository.js';
