import { sql } from 'kysely';
import { type CropFile, cropFilesOfRuns } from './crop-files.js';
import { number, runIdOf } from './keys.js';
import type { Queue } from './points.js';
import type { Db } from './schema.js';

/** Crops that are acknowledged and have no plain file yet, and since when the first of them waits. */
export async function inboxQueue(db: Db): Promise<Queue> {
  const row = await db
    .selectFrom('inbox')
    .select([sql<number>`count(*)`.as('depth'), sql<number | null>`min(received_at)`.as('oldest')])
    .executeTakeFirst();
  const oldest = row?.oldest ?? null;
  return { depth: number(row?.depth), oldestMs: oldest === null ? undefined : number(oldest) };
}

/** How many messages were refused for good since then, by code, the most frequent first. */
export async function refusedSince(
  db: Db,
  sinceMs: number,
): Promise<{ readonly code: string; readonly letters: number }[]> {
  const rows = await db
    .selectFrom('dead_letters')
    .select(['code', sql<number>`count(*)`.as('letters')])
    .where('last_at', '>=', sinceMs)
    .groupBy('code')
    .execute();
  return rows
    .map(({ code, letters }) => ({ code, letters: number(letters) }))
    .sort((a, b) => b.letters - a.letters);
}

/** When anything of any trap last came; undefined where nothing ever did. */
export async function lastReceiptMs(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('traps')
    .select(sql<number | null>`max(last_message_at)`.as('last'))
    .executeTakeFirst();
  return row?.last === null || row?.last === undefined ? undefined : number(row.last);
}

/** Runs come in bursts: of one moment, several are looked at. */
const RUNS_AT_A_TIME = 5;

/**
 * Pictures of runs from all over the season, about `runs` of them, the oldest among them.
 *
 * @param random numbers from 0 to 1
 */
export async function someCropFiles(db: Db, runs: number, random: () => number): Promise<CropFile[]> {
  const edge = async (direction: 'asc' | 'desc') =>
    (
      await db
        .selectFrom('runs')
        .select('at_ms')
        .where('at_ms', '>=', 0)
        .orderBy('at_ms', direction)
        .limit(1)
        .executeTakeFirst()
    )?.at_ms;
  const [first, last] = [await edge('asc'), await edge('desc')];
  const chosen = new Map<string, { trap_id: string; run_id: string }>();
  const unknown = await db
    .selectFrom('runs')
    .select(['trap_id', 'run_id'])
    .where('at_ms', '<', 0)
    .orderBy('at_ms', 'desc')
    .limit(RUNS_AT_A_TIME)
    .execute();
  for (const run of unknown) chosen.set(`${run.trap_id}/${run.run_id}`, run);
  for (let i = 0; first !== undefined && last !== undefined && i * RUNS_AT_A_TIME < runs; i += 1) {
    const some = await db
      .selectFrom('runs')
      .select(['trap_id', 'run_id'])
      .where('at_ms', '>=', i === 0 ? first : Math.floor(first + random() * (last - first)))
      .orderBy('at_ms')
      .limit(RUNS_AT_A_TIME)
      .execute();
    for (const run of some) chosen.set(`${run.trap_id}/${run.run_id}`, run);
  }
  return cropFilesOfRuns(db, [...chosen.values()].map(runIdOf));
}
