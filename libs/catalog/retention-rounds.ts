import type { Insertable, Selectable } from 'kysely';
import type { Db, RetentionRoundsTable } from './schema.js';

export type RetentionRound = Selectable<RetentionRoundsTable>;

/** Notes that a round begins. @returns its time, which no other round has */
export async function beginRound(
  db: Db,
  rule: Pick<Insertable<RetentionRoundsTable>, 'older_than_ms' | 'free_bytes'>,
  nowMs: number,
): Promise<number> {
  for (let atMs = nowMs; ; atMs += 1) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('retention_rounds')
      .values({ at_ms: atMs, ...rule, runs: 0, crops: 0, bytes: 0 })
      .onConflict((conflict) => conflict.column('at_ms').doNothing())
      .executeTakeFirst();
    if (Number(numInsertedOrUpdatedRows ?? 0) > 0) return atMs;
  }
}

/** Adds what a step of the round has removed, in the transaction that removes it. */
export async function countInRound(
  tx: Db,
  atMs: number,
  { runs, crops, bytes }: { readonly runs: number; readonly crops: number; readonly bytes: number },
): Promise<void> {
  await tx
    .updateTable('retention_rounds')
    .set((eb) => ({
      runs: eb('runs', '+', runs),
      crops: eb('crops', '+', crops),
      bytes: eb('bytes', '+', bytes),
    }))
    .where('at_ms', '=', atMs)
    .execute();
}

/** The round that removed something at this time, with its rule. */
export function findRound(db: Db, atMs: number): Promise<RetentionRound | undefined> {
  return db.selectFrom('retention_rounds').selectAll().where('at_ms', '=', atMs).executeTakeFirst();
}
