import type { Selectable } from 'kysely';
import { type ChangesTable, cachedOne, type Db, nextSeq } from '../../libs/database/index.js';

export type Change = Omit<Selectable<ChangesTable>, 'seq'>;

const insertChange = cachedOne((db, change: Selectable<ChangesTable>) =>
  db.insertInto('changes').values({
    seq: change.seq,
    kind: change.kind,
    trap_id: change.trap_id,
    item: change.item,
    state: change.state,
  }),
);

/** Tells the pages that follow the catalog what has changed, in the transaction that changes it. */
export async function noteChange(tx: Db, change: Change): Promise<void> {
  await insertChange(tx, { ...change, seq: nextSeq() });
}

/** What has changed since `seq`, oldest first. */
export async function changesSince(
  db: Db,
  seq: number,
  limit: number,
): Promise<readonly Selectable<ChangesTable>[]> {
  const rows = await db
    .selectFrom('changes')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** @returns its `seq`; 0 where nothing has changed */
export async function newestChange(db: Db): Promise<number> {
  const row = await db
    .selectFrom('changes')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return Number(row?.seq ?? 0);
}

export async function forgetChanges(db: Db, beforeSeq: number): Promise<void> {
  await db.deleteFrom('changes').where('seq', '<', beforeSeq).execute();
}
