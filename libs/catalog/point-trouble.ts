import type { Db } from './schema.js';

/** The last thing that kept points from InfluxDB, for operators. */
export interface PointTrouble {
  readonly message: string;
  readonly sinceMs: number;
  /** Left out while it lasts. */
  readonly endedMs?: number;
}

export async function putPointTrouble(db: Db, trouble: PointTrouble): Promise<void> {
  const value = JSON.stringify(trouble);
  await db
    .insertInto('point_state')
    .values({ name: 'trouble', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

export async function lastPointTrouble(db: Db): Promise<PointTrouble | undefined> {
  const row = await db
    .selectFrom('point_state')
    .select('value')
    .where('name', '=', 'trouble')
    .executeTakeFirst();
  return row && (JSON.parse(row.value) as PointTrouble);
}
