import { sql } from 'kysely';
import { type PicturedRun, placeInTime, type RunId, runKey, timeOrReceiptMs } from '../domain/index.js';
import { number, runIdOf, runIn } from './keys.js';
import type { RunCursor } from './reading.js';
import type { Db } from './schema.js';

/** A run with what its pictures take. */
export interface RunAtAge extends PicturedRun {
  readonly storedCrops: number;
  readonly storedBytes: number;
  /** True where all pictures that it had were removed, and none has come since. */
  readonly emptied: boolean;
}

/**
 * All runs, oldest first, in pages of at most `size`: each page costs the same, however many runs were emptied before.
 * Those of unknown time come behind all others, by their receipt, which is their age.
 *
 * @param beforeMs only of visits before this
 */
export async function* runsByAge(
  db: Db,
  size: number,
  beforeMs?: number,
): AsyncGenerator<readonly RunAtAge[]> {
  yield* pagesByAge(db, size, 0, beforeMs ?? Number.MAX_SAFE_INTEGER);
  yield* pagesByAge(
    db,
    size,
    Number.MIN_SAFE_INTEGER,
    beforeMs === undefined ? 0 : placeInTime(undefined, beforeMs),
  );
}

/** @param fromMs of the place in time, like `toMs`, which is excluded */
async function* pagesByAge(
  db: Db,
  size: number,
  fromMs: number,
  toMs: number,
): AsyncGenerator<readonly RunAtAge[]> {
  let after: RunCursor | undefined;
  for (;;) {
    const last = after;
    const rows = await db
      .selectFrom('runs')
      .select(['trap_id', 'run_id', 'day', 'at_ms', 'last_received_at', 'state', 'reviewed'])
      .select(['label', 'taxon', 'probability', 'stored_crops', 'stored_bytes', 'removed_at'])
      .where(sql<boolean>`(at_ms >= ${sql.lit(fromMs)} and at_ms < ${sql.lit(toMs)})`)
      .$if(last !== undefined, (query) =>
        query.where(
          sql<boolean>`(at_ms, trap_id, run_id) > (${last?.atMs}, ${last?.trapId}, ${last?.runId})`,
        ),
      )
      .orderBy('at_ms')
      .orderBy('trap_id')
      .orderBy('run_id')
      .limit(size)
      .execute();
    const page = rows.map((row) => ({
      ...runIdOf(row),
      day: row.day,
      atMs: timeOrReceiptMs(row.at_ms),
      lastReceivedAtMs: row.last_received_at,
      complete: row.state === 'complete',
      reviewed: row.reviewed === 1,
      label: row.label,
      taxon: row.taxon,
      probability: row.probability,
      storedCrops: row.stored_crops,
      storedBytes: row.stored_bytes,
      emptied: row.removed_at !== null && row.removed_at > row.last_received_at,
    }));
    if (page.length) yield page;
    if (page.length < size) return;
    const end = rows.at(-1);
    after = end && { ...runIdOf(end), atMs: end.at_ms };
  }
}

/** What of a run's pictures could go now. */
export interface RunPictures {
  readonly crops: number;
  readonly bytes: number;
}

/** The pictures of those of these runs that have any; a run with a crop that is under way is left out. */
export async function picturesOf(db: Db, runs: readonly RunId[]): Promise<Map<string, RunPictures>> {
  if (!runs.length) return new Map();
  const rows = await db
    .selectFrom('crops')
    .select(['trap_id', 'run_id', sql<number>`count(*)`.as('crops'), sql<number>`sum(bytes)`.as('bytes')])
    .where(runIn(runs))
    .where('removed_at', 'is', null)
    .groupBy(['trap_id', 'run_id'])
    .having(sql<boolean>`sum(case when stage = 'done' then 0 else 1 end) = 0`)
    .execute();
  return new Map(
    rows.map((row) => [runKey(runIdOf(row)), { crops: number(row.crops), bytes: number(row.bytes) }]),
  );
}
