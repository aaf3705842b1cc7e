export { cachedOne, cachedQuery } from './cached-query.js';
export { Catalog, type CatalogLocation, NoCatalogError } from './catalog.js';
export { CATALOG_FILE, openCopy } from './catalog-copy.js';
export { findState, nameCatalog, putState } from './catalog-state.js';
export { isBusy } from './engines/scanner.js';
export { CATALOG_VERSION_HINT } from './migrations.js';
export { openReadOnly, type ReadOnlyCatalog } from './open-read-only.js';
export { cropIdOf, cropIn, inChunks, number, ofTraps, runIdOf, runIn } from './rows.js';
export type {
  AccountsTable,
  ActivityHoursTable,
  ChangesTable,
  CropsTable,
  Db,
  DeadLettersTable,
  DeletionsTable,
  DeploymentsTable,
  DetectionsTable,
  EpisodeAnswersTable,
  EpisodesTable,
  FirstSightingsTable,
  Flag,
  JobsTable,
  Language,
  ObservationsTable,
  OutboxTable,
  PointsTable,
  RetentionRoundsTable,
  ReviewsTable,
  RunsTable,
  SessionsTable,
  Tables,
  TelemetryTable,
  TimeCorrectionsTable,
  TrapEventsTable,
  TrapsTable,
  TrapVisitsTable,
  UsersTable,
} from './schema.js';
export { nextSeq } from './sequence.js';
export { expectIntact, expectNoRuns, fillPostgres, integrityOf, takeSnapshot } from './snapshot.js';
export { isUnavailable, whenAvailable } from './unavailable.js';
export { withRetry } from './with-retry.js';
