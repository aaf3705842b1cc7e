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

/** Runs of unknown time that show an insect, by trap; one without any is left out. */
export async function visitsOfUnknownTime(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('runs')
    .select(['trap_id', sql<number>`count(*)`.as('visits')])
    .where('at_ms', '<', sql.lit(0))
    .where('insect', '=', 1)
    .groupBy('trap_id')
    .execute();
  return new Map(rows.map((row) => [row.trap_id, number(row.visits)]));
}
