import { type Insertable, sql, type Updateable } from 'kysely';
import type { Db, SessionsTable, TelemetryTable, TrapsTable } from './schema.js';

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

/** A session is told of at its start and again at its end: the later message wins field by field. */
export async function putSession(db: Db, row: Insertable<SessionsTable>): Promise<void> {
  await db
    .insertInto('sessions')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'session_id']).doUpdateSet({
        start_ms: sql`coalesce(excluded.start_ms, sessions.start_ms)`,
        end_ms: sql`coalesce(excluded.end_ms, sessions.end_ms)`,
        offset_min: sql`coalesce(excluded.offset_min, sessions.offset_min)`,
        minutes: sql`coalesce(excluded.minutes, sessions.minutes)`,
        clock_suspect: sql`excluded.clock_suspect`,
        payload: sql`excluded.payload`,
        received_at: sql`excluded.received_at`,
        zone_revision: sql`excluded.zone_revision`,
        clock_shift_ms: sql`coalesce(excluded.clock_shift_ms, sessions.clock_shift_ms)`,
      }),
    )
    .execute();
}

export async function findSession(db: Db, trapId: string, sessionId: string) {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
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
