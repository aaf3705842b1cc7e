import { sql } from 'kysely';
import type { RunId } from '../domain/index.js';
import { runIdOf, runIn } from './keys.js';
import { inFilter, type RunFilter } from './run-filter.js';
import type { Db } from './schema.js';

/** Where a page of runs ended. */
export interface RunCursor extends RunId {
  readonly atMs: number;
}

/** Runs with the observation that counts, newest first: one row per run. Page 10,000 costs what page 1 costs. */
export function listRuns(db: Db, filter: RunFilter, limit: number, after?: RunCursor) {
  return runsWithObservation(db)
    .where(inFilter(filter))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(runs.at_ms, runs.trap_id, runs.run_id) < (${after?.atMs}, ${after?.trapId}, ${after?.runId})`,
      ),
    )
    .orderBy('runs.at_ms', 'desc')
    .orderBy('runs.trap_id', 'desc')
    .orderBy('runs.run_id', 'desc')
    .limit(limit)
    .execute();
}

/** All runs of a filter, newest first, in pages of at most `size`: for downloads, with the memory of one page. */
export async function* pagesOfRuns(
  db: Db,
  filter: RunFilter,
  size: number,
): AsyncGenerator<readonly RunWithObservation[]> {
  let after: RunCursor | undefined;
  for (;;) {
    const page = await listRuns(db, filter, size, after);
    const last = page.at(-1);
    if (last) yield page;
    if (!last || page.length < size) return;
    after = { ...runIdOf(last), atMs: last.at_ms };
  }
}

/** One run as `listRuns` gives it, or undefined. */
export function findRun(db: Db, run: RunId) {
  return runsWithObservation(db)
    .where('runs.trap_id', '=', run.trapId)
    .where('runs.run_id', '=', run.runId)
    .executeTakeFirst();
}

export type RunWithObservation = NonNullable<Awaited<ReturnType<typeof findRun>>>;

function runsWithObservation(db: Db) {
  return db
    .selectFrom('runs')
    .leftJoin('observations', (join) =>
      join
        .onRef('observations.trap_id', '=', 'runs.trap_id')
        .onRef('observations.run_id', '=', 'runs.run_id')
        .onRef('observations.model', '=', 'runs.model'),
    )
    .selectAll('runs')
    .select([
      'observations.top1_prob_mean',
      'observations.top1_crops',
      'observations.crops as voting_crops',
      'observations.reason',
      'observations.rolled_up',
      'observations.ranking',
      'observations.final',
      'observations.observed_at',
      // What the model says, whatever people made of it.
      'observations.label as observed_label',
      'observations.taxon as observed_taxon',
      'observations.rank as observed_rank',
      'observations.taxon_group as observed_group',
      'observations.probability as observed_probability',
      'observations.insect as observed_insect',
      'observations.unsure as observed_unsure',
    ]);
}

/** The first crop of each of these runs that has a picture still: the one a list shows. */
export async function firstCrops(
  db: Db,
  runs: readonly RunId[],
): Promise<{ trap_id: string; run_id: string; crop_id: string }[]> {
  if (!runs.length) return [];
  const rows = await db
    .selectFrom('crops')
    .select(['trap_id', 'run_id', sql<string>`min(crop_id)`.as('crop_id')])
    .where(runIn(runs))
    .where('removed_at', 'is', null)
    .groupBy(['trap_id', 'run_id'])
    .execute();
  return rows;
}

/** All crops of a run in time order, with what `model` and the trap's detector said of each. */
export async function cropsOfRun(db: Db, run: RunId, model: string | null) {
  const crops = await db
    .selectFrom('crops')
    .leftJoin('classifications', (join) =>
      join
        .onRef('classifications.trap_id', '=', 'crops.trap_id')
        .onRef('classifications.run_id', '=', 'crops.run_id')
        .onRef('classifications.crop_id', '=', 'crops.crop_id')
        .on('classifications.model', '=', model ?? ''),
    )
    .leftJoin('detections', (join) =>
      join
        .onRef('detections.trap_id', '=', 'crops.trap_id')
        .onRef('detections.run_id', '=', 'crops.run_id')
        .onRef('detections.crop_id', '=', 'crops.crop_id'),
    )
    .select([
      'crops.crop_id',
      'crops.stage',
      'crops.format',
      'crops.bytes',
      'crops.sha256',
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
  // Ids are as good as times, but for an hour that comes twice: many bear what the trap's clock showed.
  return crops.every(({ at_ms }) => at_ms !== null)
    ? crops.sort((a, b) => Number(a.at_ms) - Number(b.at_ms))
    : crops;
}
