import { sql } from 'kysely';
import { number } from './keys.js';
import type { Db } from './schema.js';

/**
 * Runs of a trap that show an insect, by when they began.
 *
 * @param fromMs inclusive
 * @param toMs exclusive
 */
export async function insectVisits(db: Db, trapId: string, fromMs: number, toMs: number): Promise<number> {
  const row = await db
    .selectFrom('runs')
    .select(sql<number>`count(*)`.as('visits'))
    .where('trap_id', '=', trapId)
    .where('insect', '=', 1)
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .executeTakeFirstOrThrow();
  return number(row.visits);
}
