import { type RawBuilder, type Selectable, sql } from 'kysely';
import { type Db, runIdOf, type TelemetryTable } from '../../libs/database/index.js';
import type { Heard, Run, RunId, Session, Telemetry } from '../../libs/domain/index.js';
import { toRun } from '../runs/index.js';

/** Messages this far apart by the trap's clock are no neighbours. */
const NEAR_MS = 60 * 60_000;
/** This many runs of a session tell as much as all. */
const MOST_WITNESSES = 500;

/** A trap with times that were read in other zones than apply now. */
export async function trapToReread(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('traps')
    .select('trap_id')
    .where('zone_revision', '>', 0)
    .where(sql<boolean>`(${sql.join([isDue('runs'), isDue('sessions'), isDue('telemetry')], sql` or `)})`)
    .orderBy('trap_id')
    .limit(1)
    .executeTakeFirst();
  return row?.trap_id;
}

const isDue = (table: 'runs' | 'sessions' | 'telemetry'): RawBuilder<boolean> =>
  sql`exists (select 1 from ${sql.table(table)} t where t.trap_id = traps.trap_id and t.zone_revision < traps.zone_revision)`;

/** Runs of a session whose clock was as wrong as that of the session, and which do not stand at its true time yet. */
export async function runsBehind(tx: Db, session: Session, limit: number): Promise<RunId[]> {
  const shiftMs = session.clockShiftMs === null ? null : sql.lit(session.clockShiftMs);
  // What a session said first and took back itself was as wrong as what its runs have said.
  const suspect = session.clockSuspect || (shiftMs !== null && session.timeFrom === null) ? 1 : 0;
  const rows = await tx
    .selectFrom('runs')
    .select(['trap_id', 'run_id'])
    .where('trap_id', '=', session.trapId)
    .where('session_id', '=', session.sessionId)
    .where(
      shiftMs === null
        ? sql<boolean>`(time_from = 'session' or (time_from = 'neighbours' and clock_suspect = 0))`
        : sql<boolean>`(clock_suspect = ${sql.lit(suspect)} and (time_from is null or (time_from <> 'person' and clock_shift_ms <> ${shiftMs})))`,
    )
    .orderBy('run_id')
    .limit(limit)
    .execute();
  return rows.map(runIdOf);
}

/** Runs of unknown time that belong together: those of one session, or those of a trap that name none. */
export interface RunGroup {
  readonly trapId: string;
  readonly sessionId: string | null;
  /** Changes when more of them is received. */
  readonly seen: string;
}

export async function groupsOfUnknownTime(db: Db): Promise<RunGroup[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['trap_id', 'session_id'])
    .select(sql<string>`count(*) || ' ' || max(last_received_at)`.as('seen'))
    .where('at_ms', '<', sql.lit(0))
    .groupBy(['trap_id', 'session_id'])
    .execute();
  return rows.map((row) => ({ trapId: row.trap_id, sessionId: row.session_id, seen: row.seen }));
}

/** Runs of unknown time of one session, or those that name none. */
export async function unknownRuns(tx: Db, trapId: string, sessionId: string | null): Promise<Run[]> {
  const rows = await tx
    .selectFrom('runs')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where(sql<boolean>`session_id is not distinct from ${sessionId}`)
    .where('at_ms', '<', sql.lit(0))
    .orderBy('run_id')
    .limit(MOST_WITNESSES)
    .execute();
  return rows.map(toRun);
}

/** Telemetry of the same wrong clock, near these times. */
export async function telemetryNear(tx: Db, trapId: string, own: readonly Heard[]): Promise<Heard[]> {
  if (!own.length) return [];
  const said = own.map(({ saidMs }) => saidMs);
  const rows = await tx
    .selectFrom('telemetry')
    .select(['at_ms', 'received_at'])
    .where('trap_id', '=', trapId)
    .where('clock_suspect', '=', 1)
    .where('at_ms', '>=', sql.lit<number>(Math.min(...said) - NEAR_MS))
    .where('at_ms', '<=', sql.lit<number>(Math.max(...said) + NEAR_MS))
    .limit(MOST_WITNESSES)
    .execute();
  return rows.map((row) => ({ saidMs: Number(row.at_ms), receivedAtMs: Number(row.received_at) }));
}

/** Telemetry, and with which `zone_revision` of its trap its time was read. */
export interface ReadTelemetry extends Telemetry {
  readonly zoneRevision: number | null;
}

/** Telemetry of a trap that was read with an earlier `zone_revision`. */
export async function firstToReread(
  tx: Db,
  trapId: string,
  zoneRevision: number,
): Promise<ReadTelemetry | undefined> {
  const row = await tx
    .selectFrom('telemetry')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('zone_revision', '<', zoneRevision)
    .orderBy('zone_revision')
    .orderBy('at_ms')
    .limit(1)
    .executeTakeFirst();
  return row && toReadTelemetry(row);
}

/** Telemetry of the same trap that was read with the same `zone_revision`. */
export async function moreToReread(
  tx: Db,
  { trapId, zoneRevision }: ReadTelemetry,
  order: 'asc' | 'desc',
  limit: number,
): Promise<ReadTelemetry[]> {
  const rows = await tx
    .selectFrom('telemetry')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('zone_revision', '=', zoneRevision)
    .orderBy('at_ms', order)
    .limit(limit)
    .execute();
  return rows.map(toReadTelemetry);
}

export async function telemetryIn(tx: Db, trapId: string, atMs: number): Promise<ReadTelemetry | undefined> {
  const row = await tx
    .selectFrom('telemetry')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('at_ms', '=', atMs)
    .executeTakeFirst();
  return row && toReadTelemetry(row);
}

/** Deletes telemetry. @returns what another process has not deleted before */
export async function takeOut(tx: Db, trapId: string, atMs: readonly number[]): Promise<ReadTelemetry[]> {
  if (!atMs.length) return [];
  const rows = await tx
    .deleteFrom('telemetry')
    .where('trap_id', '=', trapId)
    .where('at_ms', 'in', atMs)
    .returningAll()
    .execute();
  return rows.map(toReadTelemetry);
}

const toReadTelemetry = (row: Selectable<TelemetryTable>): ReadTelemetry => ({
  trapId: row.trap_id,
  atMs: row.at_ms,
  clockSuspect: row.clock_suspect === 1,
  payload: JSON.parse(row.payload) as Record<string, unknown>,
  receivedAtMs: row.received_at,
  zoneRevision: row.zone_revision,
});
