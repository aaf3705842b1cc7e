export { type Deletion, deletedAmong, findDeletion, toDeletion, WHOLE_RUN } from './deleted.repository.js';
export { type NewDetection, putDetectionRows, putManifest } from './detections.repository.js';
export { missingCrop, missingRun } from './missing.js';
export { presentRuns, runIdOf, runView, timeFromOf } from './present-run.js';
export { receiptOfRun, rejectedCrops } from './receipts.repository.js';
export {
  findRun,
  firstCrops,
  inFilter,
  isIndexed,
  listRuns,
  pagesOfRuns,
  type RunCursor,
  type RunFilter,
  type RunWithObservation,
} from './run-list.repository.js';
export { FILTER_QUERY, RUN_FILTER, RUN_PARAMS, type RunFilterQuery, runFilter } from './run-query.js';
export {
  addReview,
  decides,
  type ReviewRow,
  reviewOf,
  reviewsOf,
  reviewsOfRuns,
} from './run-reviews.repository.js';
export { reviewViews } from './run-reviews.schema.js';
export { RunsModule } from './runs.module.js';
export {
  countInRuns,
  dueRuns,
  lockKnownRun,
  lockRun,
  saveRun,
  toRun,
} from './runs.repository.js';
export { EXAMPLE_RUN, RUN } from './runs.schema.js';
export { type RunInOrder, runsOldestFirst } from './runs-oldest-first.js';
