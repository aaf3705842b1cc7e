import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import {
  type Catalog,
  type Db,
  number,
  ofTraps,
  type TelemetryTable,
  type TrapsTable,
} from '../../libs/database/index.js';

/** Notes that traps have spoken; a trap that nobody knew comes to be. */
export async function touchTraps(db: Db, seen: ReadonlyMap<string, number>): Promise<void> {
  if (!seen.size) return;
  const rows = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
  await db
    .insertInto('traps')
    .values(
      rows.map(([trapId, atMs]) => ({
        trap_id: trapId,
        info: '{}',
        first_seen_at: atMs,
        last_message_at: atMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('trap_id').doUpdateSet({ last_message_at: sql`excluded.last_message_at` }),
    )
    .execute();
}

/** Sets what a trap says of itself (`info`, `status`). */
export async function updateTrap(
  db: Db,
  trapId: string,
  columns: Updateable<TrapsTable>,
  nowMs: number,
): Promise<void> {
  await db
    .insertInto('traps')
    .values({ trap_id: trapId, info: '{}', first_seen_at: nowMs, ...columns } as Insertable<TrapsTable>)
    .onConflict((conflict) => conflict.column('trap_id').doUpdateSet(columns))
    .execute();
}

export function listTraps(db: Db) {
  return db.selectFrom('traps').selectAll().orderBy('trap_id').execute();
}

/** One reading per trap and time; the same time again replaces it. */
export async function putTelemetry(db: Db, row: Insertable<TelemetryTable>): Promise<void> {
  await db
    .insertInto('telemetry')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'at_ms']).doUpdateSet({
        clock_suspect: sql`excluded.clock_suspect`,
        payload: sql`excluded.payload`,
        received_at: sql`excluded.received_at`,
        zone_revision: sql`excluded.zone_revision`,
      }),
    )
    .execute();
}

/** Traps that last said they are online. */
export function onlineTraps(db: Db) {
  return db.selectFrom('traps').select(['trap_id', 'status']).where('state', '=', 'online').execute();
}

export type TrapRow = Selectable<TrapsTable>;

/**
 * Reads a trap's row and holds it until the transaction ends, so that nobody else rearranges its deployments meanwhile.
 * A trap that nobody knew comes to be.
 */
export async function lockTrap(tx: Db, trapId: string, nowMs: number): Promise<TrapRow> {
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

/** Traps in the order of their ids, from the one behind `afterTrapId` on. */
export function pageOfTraps(db: Db, limit: number, afterTrapId?: string, trapIds?: readonly string[]) {
  return db
    .selectFrom('traps')
    .selectAll()
    .where(ofTraps('trap_id', trapIds))
    .$if(afterTrapId !== undefined, (query) => query.where('trap_id', '>', afterTrapId as string))
    .orderBy('trap_id')
    .limit(limit)
    .execute();
}

export function findTrap(db: Db, trapId: string) {
  return db.selectFrom('traps').selectAll().where('trap_id', '=', trapId).executeTakeFirst();
}

export interface TelemetryFilter {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly beforeMs?: number | undefined;
}

/** Readings of a trap, newest first; those with a clock that cannot be right are left out. */
export function telemetryOf(
  db: Db,
  trapId: string,
  { fromMs, toMs, beforeMs }: TelemetryFilter,
  limit: number,
) {
  return db
    .selectFrom('telemetry')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('clock_suspect', '=', 0)
    .$if(fromMs !== undefined, (query) => query.where('at_ms', '>=', fromMs as number))
    .$if(toMs !== undefined, (query) => query.where('at_ms', '<', toMs as number))
    .$if(beforeMs !== undefined, (query) => query.where('at_ms', '<', beforeMs as number))
    .orderBy('at_ms', 'desc')
    .limit(limit)
    .execute();
}

/**
 * The newest reading of each of these traps. One with a clock that cannot be right counts only where there is no
 * other, or a trap that was once in the year 2099 would never have a newer one.
 */
export async function latestTelemetryOf(db: Db, trapIds: readonly string[]) {
  if (!trapIds.length) return [];
  const newest = (condition = sql``) =>
    sql`(select t.at_ms from telemetry t where t.trap_id = traps.trap_id ${condition} order by t.at_ms desc limit 1)`;
  return db
    .selectFrom('traps')
    .innerJoin('telemetry', 'telemetry.trap_id', 'traps.trap_id')
    .selectAll('telemetry')
    .where('traps.trap_id', 'in', trapIds)
    .where(sql<boolean>`telemetry.at_ms = coalesce(${newest(sql`and t.clock_suspect = 0`)}, ${newest()})`)
    .execute();
}

/** Runs and stored crops of these traps; one without runs is left out. */
export async function totalsOf(db: Db, trapIds: readonly string[]) {
  if (!trapIds.length) return [];
  const rows = await db
    .selectFrom('runs')
    .select(['trap_id', sql<number>`count(*)`.as('runs'), sql<number>`sum(stored_crops)`.as('crops')])
    .where('trap_id', 'in', trapIds)
    .groupBy('trap_id')
    .execute();
  return rows.map((row) => ({ trapId: row.trap_id, runs: number(row.runs), crops: number(row.crops) }));
}

/**
 * Asks the database a cheap question. Rejects where it does not answer.
 *
 * @returns whether it takes changes: a replica, and a PostgreSQL that was set so, can be read only
 */
export async function ping({ engine, reader }: Catalog): Promise<{ readonly isWritable: boolean }> {
  if (engine === 'sqlite') {
    await sql`select 1`.execute(reader);
    return { isWritable: true };
  }
  const { rows } = await sql<{ read_only: string }>`
    select current_setting('transaction_read_only') as read_only`.execute(reader);
  return { isWritable: rows[0]?.read_only !== 'on' };
}
