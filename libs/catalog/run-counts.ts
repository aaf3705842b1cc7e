import { sql } from 'kysely';
import { type RunId, runKey } from '../domain/index.js';
import { runIdOf } from './keys.js';
import type { Db } from './schema.js';

/** What a run counts of a crop. */
interface CountedCrop extends RunId {
  readonly bytes: number;
  readonly receivedAtMs: number;
}

/**
 * Counts new crops in their runs: a run comes to be with its first crop, and opens again with a late one.
 *
 * @returns runs that have their `end` and, with these crops, as many as it announced
 */
export async function countInRuns(
  tx: Db,
  crops: readonly CountedCrop[],
  decideAtMs: number,
): Promise<RunId[]> {
  const runs = new Map<string, { run: RunId; crops: number; bytes: number; atMs: number }>();
  for (const crop of crops) {
    const sum = runs.get(runKey(crop)) ?? { run: crop, crops: 0, bytes: 0, atMs: crop.receivedAtMs };
    sum.crops += 1;
    sum.bytes += crop.bytes;
    sum.atMs = Math.max(sum.atMs, crop.receivedAtMs);
    runs.set(runKey(crop), sum);
  }
  // One order for all processes, or two transactions could wait for each other.
  const sorted = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  const rows = await tx
    .insertInto('runs')
    .values(
      sorted.map(({ run, crops: count, bytes, atMs }) => ({
        ...emptyRun(run, atMs),
        stored_crops: count,
        stored_bytes: bytes,
        decide_at: decideAtMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id']).doUpdateSet({
        stored_crops: sql`runs.stored_crops + excluded.stored_crops`,
        stored_bytes: sql`runs.stored_bytes + excluded.stored_bytes`,
        last_received_at: sql`case when excluded.last_received_at > runs.last_received_at then excluded.last_received_at else runs.last_received_at end`,
        state: 'open',
        decide_at: sql`excluded.decide_at`,
      }),
    )
    .returning(['trap_id', 'run_id', 'stored_crops', 'announced_crops', 'end_received_at'])
    .execute();
  return rows
    .filter(
      (row) =>
        row.end_received_at !== null && row.stored_crops >= (row.announced_crops ?? Number.POSITIVE_INFINITY),
    )
    .map(runIdOf);
}

/** A run of which nothing is known yet but that something of it came. */
export function emptyRun(run: RunId, atMs: number) {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    day: new Date(atMs).toISOString().slice(0, 10),
    clock_suspect: 0 as const,
    extra: '{}',
    stored_crops: 0,
    stored_bytes: 0,
    first_received_at: atMs,
    last_received_at: atMs,
    at_ms: atMs,
    state: 'open' as const,
    decide_at: atMs,
    revision: 0,
    zone_revision: null,
  };
}
