import type { Insertable, Selectable } from 'kysely';
import type { Db, TrapVisitsTable } from '../../../libs/database/index.js';

export type TrapVisitRow = Selectable<TrapVisitsTable>;

/** Visits of people to a trap, newest first. */
export const visitsOf = (db: Db, trapId: string, limit: number): Promise<TrapVisitRow[]> =>
  db
    .selectFrom('trap_visits')
    .selectAll()
    .where('trap_id', '=', trapId)
    .orderBy('at_ms', 'desc')
    .orderBy('visit_id')
    .limit(limit)
    .execute();

export async function addVisit(db: Db, row: Insertable<TrapVisitsTable>): Promise<void> {
  await db.insertInto('trap_visits').values(row).execute();
}

/** @returns false where there is none */
export async function removeVisit(db: Db, trapId: string, visitId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('trap_visits')
    .where('trap_id', '=', trapId)
    .where('visit_id', '=', visitId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
