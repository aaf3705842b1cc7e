import { sql } from 'kysely';
import { type Db, number, ofTraps, runIn } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';
import { reviewedCrops } from '../crops/index.js';
import { EARLIEST_RUN, knownSince } from '../traps/index.js';

/** What the exchange formats of the field must know of crops: for `pagesOfCrops`. */
export function cropsForStandards(
  db: Db,
  runs: readonly RunId[],
  limit: number,
  afterCropId: string | undefined,
) {
  return reviewedCrops(db, runs, limit, afterCropId)
    .select([
      'crops.format',
      'crops.bytes',
      'crops.crc32',
      'crops.received_at',
      'crops.removed_at',
      'classifications.label',
      'classifications.ranked',
      'classifications.classified_at',
      'detections.at_ms',
      'detections.confidence',
      'detections.box',
    ])
    .execute();
}

export type CropForStandards = Awaited<ReturnType<typeof cropsForStandards>>[number];

/** When the first and the last crop of these runs were taken, as their manifests say; runs without are left out. */
export async function cropSpans(db: Db, runs: readonly RunId[]) {
  if (!runs.length) return [];
  const rows = await db
    .selectFrom('detections')
    .select([
      'trap_id',
      'run_id',
      sql<number>`min(at_ms)`.as('first_ms'),
      sql<number>`max(at_ms)`.as('last_ms'),
    ])
    .where(runIn(runs))
    .where('at_ms', 'is not', null)
    .groupBy(['trap_id', 'run_id'])
    .execute();
  return rows.map((row) => ({ ...row, first_ms: number(row.first_ms), last_ms: number(row.last_ms) }));
}

/** A trap, and since when anything is known of it: its first message, or a visit before that. */
export async function trapsKnownSince(
  db: Db,
  trapIds: readonly string[] | undefined,
  limit: number,
  after?: string,
) {
  const rows = await db
    .selectFrom('traps')
    .select(['trap_id', 'name', 'info', 'time_zone', 'first_seen_at', EARLIEST_RUN.as('earliest_run')])
    .where(ofTraps('trap_id', trapIds))
    .$if(after !== undefined, (query) => query.where('trap_id', '>', after as string))
    .orderBy('trap_id')
    .limit(limit)
    .execute();
  return rows.map(({ earliest_run: run, ...row }) => ({
    ...row,
    known_since: knownSince(row.first_seen_at, run),
  }));
}

export type KnownTrap = Awaited<ReturnType<typeof trapsKnownSince>>[number];
