export * from './accounts.js';
export * from './activity.js';
export * from './activity-reading.js';
export * from './around-runs.js';
export * from './broker-sessions.js';
export * from './catalog.js';
export * from './catalog-copy.js';
export * from './catalog-state.js';
export * from './classifications.js';
export {
  allCropFiles,
  type CropFile,
  countAll,
  cropFilesAfter,
  cropFilesOfRuns,
  findCropFile,
  settleCopy,
} from './crop-files.js';
export * from './crop-pages.js';
export * from './crops.js';
export { followDeployment } from './current-deployment.js';
export * from './damaged-pictures.js';
export * from './day-visits.js';
export * from './dead-letters.js';
export * from './deletions.js';
export * from './deployments.js';
export * from './detections.js';
export * from './doctor-reading.js';
export * from './effort-sessions.js';
export * from './first-sightings.js';
export {
  claimFolder,
  type FolderHold,
  FolderInUseError,
  serveFolder,
  shareFolder,
} from './folder-lock.js';
export * from './folder-mark.js';
export * from './follow-clocks.js';
export * from './follow-reviews.js';
export * from './group-commit.js';
export * from './hold-trap.js';
export * from './in-turn.js';
export * from './inbox.js';
export * from './judgements.js';
export { number } from './keys.js';
export { knownSinceOf } from './known-since.js';
export * from './logins.js';
export * from './look.js';
export * from './make-folder.js';
export { eventRunId, isOfEvent, isOfReading, tellReading, untellReading } from './moved-readings.js';
export * from './observations.js';
export {
  dropRetained,
  leaveOutbox,
  listRetained,
  type OutboxRow,
  oldestInOutbox,
  putInOutbox,
  putRetained,
} from './outbox.js';
export * from './pairing.js';
export * from './password.js';
export * from './past-points.js';
export * from './people.js';
export * from './place-trap.js';
export * from './point-trouble.js';
export * from './points.js';
export * from './points-sent.js';
export { takeFromOthers } from './private-file.js';
export * from './reading.js';
export * from './reclassify.js';
export * from './removals.js';
export * from './reread-times.js';
export * from './retention.js';
export * from './retention-rounds.js';
export * from './review-pages.js';
export * from './reviews.js';
export { emptyRun } from './run-counts.js';
export * from './run-filter.js';
export * from './run-points.js';
export * from './run-receipt.js';
export * from './runs.js';
export { type RunInOrder, runsOldestFirst } from './runs-oldest-first.js';
export { BusyError, isBusy } from './scanner.js';
export type * from './schema.js';
export * from './secrets.js';
export * from './snapshot.js';
export * from './standard-reading.js';
export * from './tell-verdict.js';
export * from './time-corrections.js';
export * from './trap-events.js';
export * from './trap-presence.js';
export * from './trap-reading.js';
export * from './trap-word.js';
export * from './trap-zones.js';
export * from './traps.js';
export * from './unavailable.js';
export * from './verdicts.js';
export * from './visit-counts.js';
export * from './weak-password.js';
