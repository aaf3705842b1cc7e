import { type Selectable, sql } from 'kysely';
import type { Db, TrapsTable } from './schema.js';

export type TrapRow = Selectable<TrapsTable>;

/**
 * Reads a trap's row and holds it until the transaction ends, so that nobody else rearranges its deployments meanwhile.
 * A trap that nobody knew comes to be.
 */
export async function holdTrap(tx: Db, trapId: string, nowMs: number): Promise<TrapRow> {
  await tx
    .insertInto('traps')
    .values({ trap_id: trapId, info: '{}', first_seen_at: nowMs })
    .onConflict((conflict) => conflict.column('trap_id').doNothing())
    .execute();
  return tx
    .updateTable('traps')
    .set({ info: sql`info` })
    .where('trap_id', '=', trapId)
    .returningAll()
    .executeTakeFirstOrThrow();
}
