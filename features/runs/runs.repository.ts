import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Catalog, type Db, type DetectionsTable, runIdOf, runIn } from '../../libs/database/index.js';
import {
  type ClassifiedCrop,
  type Detection,
  type ModelObservation,
  type ObservedRun,
  type RecordedReview,
  type Run,
  type RunId,
  runKey,
} from '../../libs/domain/index.js';
import { findDeletion } from './deleted.repository.js';
import { contextOfRuns, type RunContext } from './run-context.repository.js';
import { inFilter, isIndexed, type RunFilter } from './run-filter.repository.js';
import { reviewsOf, reviewsOfRuns } from './run-reviews.repository.js';
import { type ObservationRow, toCrop, toObservation, toRun } from './run-rows.js';

/** Where a page of runs ended. */
export interface RunCursor extends RunId {
  readonly placeMs: number;
}

/** Runs for readers; what changes them is in `run-state.repository.ts`. */
@Injectable()
export class RunsRepository {
  constructor(private readonly catalog: Catalog) {}

  /** Newest first. Page 10,000 costs what page 1 costs. */
  list(filter: RunFilter, limit: number, after?: RunCursor): Promise<ObservedRun[]> {
    return listRuns(this.readerFor(filter), filter, limit, { after });
  }

  /** All runs of a filter, newest first, in pages of at most `size`: for downloads, with the memory of one page. */
  pages(filter: RunFilter, size: number): AsyncGenerator<readonly ObservedRun[]> {
    return pagesOfRuns(this.readerFor(filter), filter, size);
  }

  find(run: RunId): Promise<ObservedRun | undefined> {
    return findRun(this.catalog.reader, run);
  }

  /** When the run was deleted for good; undefined if it was not. */
  async deletedAtMs(run: RunId): Promise<number | undefined> {
    return (await findDeletion(this.catalog.reader, run))?.atMs;
  }

  /** The first crop of each of these runs that still has a picture, by `runKey`. */
  firstCrops(runs: readonly RunId[]): Promise<ReadonlyMap<string, string>> {
    return firstCrops(this.catalog.reader, runs);
  }

  cropsOf(run: ObservedRun): Promise<ClassifiedCrop[]> {
    return cropsOfRun(this.catalog.reader, run);
  }

  /** Oldest first. */
  reviewsOf(run: RunId): Promise<RecordedReview[]> {
    return reviewsOf(this.catalog.reader, run);
  }

  /** The same of several runs, by `runKey`; runs without reviews are left out. */
  reviewsOfRuns(runs: readonly RunId[]): Promise<ReadonlyMap<string, readonly RecordedReview[]>> {
    return reviewsOfRuns(this.catalog.reader, runs);
  }

  contextOf(runs: readonly RunId[]): Promise<(run: RunId) => RunContext> {
    return contextOfRuns(this.catalog.reader, runs);
  }

  async neighbours({ placeMs, trapId, runId }: ObservedRun, filter: RunFilter) {
    const db = this.readerFor(filter);
    const after = { placeMs, trapId, runId };
    const [newer] = await listRuns(db, filter, 1, { after, oldestFirst: true });
    const [older] = await listRuns(db, filter, 1, { after });
    return { newer: newer ? idOf(newer) : null, older: older ? idOf(older) : null };
  }

  /** A list that may have to pass over many runs must not hold up the others. */
  private readerFor(filter: RunFilter): Db {
    return isIndexed(filter) ? this.catalog.reader : this.catalog.scanner;
  }
}

const idOf = ({ trapId, runId }: RunId): RunId => ({ trapId, runId });

/** Runs with the observation that counts, one row per run; newest first by default. */
export async function listRuns(
  db: Db,
  filter: RunFilter,
  limit: number,
  {
    after,
    oldestFirst = false,
  }: { readonly after?: RunCursor | undefined; readonly oldestFirst?: boolean } = {},
): Promise<ObservedRun[]> {
  const direction = oldestFirst ? 'asc' : 'desc';
  const behind = oldestFirst ? sql`>` : sql`<`;
  const rows = await runsWithObservation(db)
    .where(inFilter(filter))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(runs.at_ms, runs.trap_id, runs.run_id) ${behind} (${after?.placeMs}, ${after?.trapId}, ${after?.runId})`,
      ),
    )
    .orderBy('runs.at_ms', direction)
    .orderBy('runs.trap_id', direction)
    .orderBy('runs.run_id', direction)
    .limit(limit)
    .execute();
  return rows.map(toObservedRun);
}

/** All runs of a filter in pages of at most `size`; newest first by default. */
export async function* pagesOfRuns(
  db: Db,
  filter: RunFilter,
  size: number,
  { oldestFirst = false }: { readonly oldestFirst?: boolean } = {},
): AsyncGenerator<readonly ObservedRun[]> {
  let after: RunCursor | undefined;
  for (;;) {
    const page: ObservedRun[] = await listRuns(db, filter, size, { after, oldestFirst });
    after = page.at(-1);
    if (after) yield page;
    if (page.length < size) return;
  }
}

export async function findRun(db: Db, run: RunId): Promise<ObservedRun | undefined> {
  const row = await runsWithObservation(db)
    .where('runs.trap_id', '=', run.trapId)
    .where('runs.run_id', '=', run.runId)
    .executeTakeFirst();
  return row && toObservedRun(row);
}

const runsWithObservation = (db: Db) =>
  db
    .selectFrom('runs')
    .leftJoin('observations', (join) =>
      join
        .onRef('observations.trap_id', '=', 'runs.trap_id')
        .onRef('observations.run_id', '=', 'runs.run_id')
        .onRef('observations.model', '=', 'runs.model'),
    )
    .selectAll('runs')
    .select([
      'observations.label as observed_label',
      'observations.taxon as observed_taxon',
      'observations.rank as observed_rank',
      'observations.taxon_group as observed_group',
      'observations.insect as observed_insect',
      'observations.probability as observed_probability',
      'observations.unsure as observed_unsure',
      'observations.revision as observed_revision',
      'observations.top1_prob_mean',
      'observations.top1_crops',
      'observations.crops as voting_crops',
      'observations.reason',
      'observations.rolled_up',
      'observations.ranking',
      'observations.final',
      'observations.observed_at',
    ]);

type RunRow = Awaited<ReturnType<ReturnType<typeof runsWithObservation>['execute']>>[number];

function toObservedRun(row: RunRow): ObservedRun {
  return { ...toRun(row), observation: row.observed_label === null ? null : observationOf(row) };
}

/** The columns of a joined observation are all there, or none is. */
const observationOf = (row: RunRow): ModelObservation =>
  toObservation({
    model: row.model,
    label: row.observed_label,
    taxon: row.observed_taxon,
    rank: row.observed_rank,
    taxon_group: row.observed_group,
    insect: row.observed_insect,
    probability: row.observed_probability,
    unsure: row.observed_unsure,
    revision: row.observed_revision,
    top1_prob_mean: row.top1_prob_mean,
    top1_crops: row.top1_crops,
    crops: row.voting_crops,
    reason: row.reason,
    rolled_up: row.rolled_up,
    ranking: row.ranking,
    final: row.final,
    observed_at: row.observed_at,
  } as ObservationRow);

/** The first crop of each of these runs that still has a picture, the one that a list shows, by `runKey`. */
export async function firstCrops(db: Db, runs: readonly RunId[]): Promise<ReadonlyMap<string, string>> {
  if (!runs.length) return new Map();
  const rows = await db
    .selectFrom('crops')
    .select(['trap_id', 'run_id', sql<string>`min(crop_id)`.as('crop_id')])
    .where(runIn(runs))
    .where('removed_at', 'is', null)
    .groupBy(['trap_id', 'run_id'])
    .execute();
  return new Map(rows.map((row) => [runKey(runIdOf(row)), row.crop_id]));
}

/** All crops of a run in time order, with what its detector and the model that counts reported about each. */
export async function cropsOfRun(db: Db, run: RunId & Pick<Run, 'day' | 'model'>): Promise<ClassifiedCrop[]> {
  const rows = await db
    .selectFrom('crops')
    .leftJoin('classifications', (join) =>
      join
        .onRef('classifications.trap_id', '=', 'crops.trap_id')
        .onRef('classifications.run_id', '=', 'crops.run_id')
        .onRef('classifications.crop_id', '=', 'crops.crop_id')
        .on('classifications.model', '=', run.model ?? ''),
    )
    .leftJoin('detections', (join) =>
      join
        .onRef('detections.trap_id', '=', 'crops.trap_id')
        .onRef('detections.run_id', '=', 'crops.run_id')
        .onRef('detections.crop_id', '=', 'crops.crop_id'),
    )
    .select([
      'crops.trap_id',
      'crops.run_id',
      'crops.crop_id',
      'crops.stage',
      'crops.format',
      'crops.bytes',
      'crops.sha256',
      'crops.crc32',
      'crops.width',
      'crops.height',
      'crops.truncated',
      'crops.received_at',
      'crops.removed_at',
      'crops.damaged_at',
      'classifications.ranked',
      'classifications.code',
      'classifications.classified_at',
      'detections.at_ms',
      'detections.confidence',
      'detections.box',
      'detections.entry',
    ])
    .where('crops.trap_id', '=', run.trapId)
    .where('crops.run_id', '=', run.runId)
    .orderBy('crops.crop_id')
    .execute();
  const crops = rows.map(
    (row): ClassifiedCrop => ({
      ...toCrop(row),
      day: run.day,
      detection: row.entry === null ? null : toDetection({ ...row, entry: row.entry }),
      classification:
        row.classified_at === null
          ? null
          : { ranked: JSON.parse(row.ranked ?? '[]'), code: row.code, classifiedAtMs: row.classified_at },
    }),
  );
  // Ids are as good as times, but for an hour that comes twice: many bear what the trap's clock showed.
  const timeOf = ({ detection }: ClassifiedCrop) => detection?.atMs ?? null;
  return crops.every((crop) => timeOf(crop) !== null)
    ? crops.sort((a, b) => Number(timeOf(a)) - Number(timeOf(b)))
    : crops;
}

const toDetection = (
  row: Pick<Selectable<DetectionsTable>, 'at_ms' | 'confidence' | 'box' | 'entry'>,
): Detection => ({
  atMs: row.at_ms,
  confidence: row.confidence,
  box: row.box === null ? null : (JSON.parse(row.box) as number[]),
  entry: JSON.parse(row.entry) as Record<string, unknown>,
});
