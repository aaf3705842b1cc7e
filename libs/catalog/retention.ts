import { sql } from 'kysely';
import { type PicturedRun, type RunId, runKey } from '../domain/index.js';
import { number, runIdOf, runIn } from './keys.js';
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
 *
 * @param beforeMs only of visits before this
 */
export async function* runsByAge(
  db: Db,
  size: number,
  beforeMs?: number,
): AsyncGenerator<readonly RunAtAge[]> {
  let after: PicturedRun | undefined;
  for (;;) {
    const last = after;
    const rows = await db
      .selectFrom('runs')
      .select(['trap_id', 'run_id', 'day', 'at_ms', 'last_received_at', 'state', 'reviewed'])
      .select(['label', 'taxon', 'probability', 'stored_crops', 'stored_bytes', 'removed_at'])
      .$if(beforeMs !== undefined, (query) => query.where('at_ms', '<', beforeMs as number))
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
      atMs: row.at_ms,
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
    after = page.at(-1);
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
