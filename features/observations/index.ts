export { type ActiveModel, activeModel, observeRun } from './active-model.js';
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
export { CropClaims } from './crop-claims.repository.js';
export {
  type FirstSightingRow,
  followSightings,
  listFirstSightings,
} from './first-sightings.js';
export {
  findObservation,
  putObservation,
} from './observations.repository.js';
export { type ModelPreview, previewModel } from './preview-model.js';
export { countPast, countQueuedPast, queuePast, queueUnseen, type ReclassifyFilter } from './reclassify.js';
export { type NewObservation, RunVerdict } from './run-verdict.js';
export { eventsNamed, recordEvent, type TrapEventWithTaxon } from './trap-events.repository.js';
