import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Catalog, Db, SessionsTable } from '../../libs/database/index.js';
import { choosePasses, type DeviceTime, type Span } from '../../libs/domain/index.js';
import { type ClockRereading, rereadingOf } from './reread.js';
import { rereadRuns, type TimeCorrection } from './reread-runs.js';
import { rereadTelemetry } from './reread-telemetry.js';

/**
 * One step of reading again what came without a zone, where other zones hold for its trap by now. What is left to do
 * stands in the rows themselves, so that a kill loses nothing, and nothing is missed that was written meanwhile with what
 * was known before.
 *
 * @param defaultZone of traps of which nobody has said any
 * @returns whether there may be more to do
 */
export async function rereadTimes(
  { db, reader }: Pick<Catalog, 'db' | 'reader'>,
  defaultZone: string,
  marksPoints: boolean,
): Promise<boolean> {
  const trapId = await dueTrap(reader);
  if (trapId === undefined) return false;
  await db.transaction().execute(async (tx) => {
    const rereading = await rereadingOf(tx, trapId, defaultZone, marksPoints);
    for (const step of [rereadRuns, rereadSessions, rereadTelemetry])
      if ((await step(tx, rereading)) > 0) return;
  });
  return true;
}

/** A trap that has sent something which was read by other zones than hold now. */
async function dueTrap(db: Db): Promise<string | undefined> {
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

export type SessionRow = Selectable<SessionsTable>;

const AT_ONCE = 50;

/** Reads the times of some sessions again. @returns how many; 0 = none is left */
async function rereadSessions(tx: Db, rereading: ClockRereading): Promise<number> {
  const { trapId, zones } = rereading;
  const rows = await tx
    .selectFrom('sessions')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('zone_revision', '<', zones.revision)
    .orderBy('zone_revision')
    .orderBy('session_id')
    .limit(AT_ONCE)
    .execute();
  for (const row of rows) {
    const { start, end } = saidOfSession(row, rereading);
    if (row.time_from !== null) {
      // A true time that is known stays, whatever zone the wrong clock is read in.
      await correctSession(tx, rereading, row, {
        from: row.time_from,
        startMs: row.start_ms ?? row.received_at,
      });
      continue;
    }
    await tx
      .updateTable('sessions')
      .set({
        start_ms: start?.utcMs ?? row.start_ms,
        end_ms: end?.utcMs ?? row.end_ms,
        offset_min: start?.offsetMin ?? row.offset_min,
        clock_suspect: start?.clockSuspect || end?.clockSuspect ? 1 : 0,
        zone_revision: start?.naive || end?.naive ? zones.revision : null,
      })
      .where('trap_id', '=', trapId)
      .where('session_id', '=', row.session_id)
      // Another process may have taken a later message of it meanwhile.
      .where('payload', '=', row.payload)
      .execute();
  }
  return rows.length;
}

/** Sets the true time of a session, or takes it back; its runs are due to follow. */
export async function correctSession(
  tx: Db,
  rereading: ClockRereading,
  row: SessionRow,
  correction: TimeCorrection | undefined,
): Promise<void> {
  const { start, end } = saidOfSession(row, rereading);
  const shiftMs = correction && shiftOf(correction, start, end, row.minutes);
  const isOneSuspect = start?.clockSuspect || end?.clockSuspect || false;
  const moved = (time: DeviceTime | undefined) =>
    time && time.utcMs + (time.clockSuspect === isOneSuspect ? (shiftMs ?? 0) : 0);
  const startMs = moved(start) ?? null;
  const offsetMin = correction && startMs !== null ? rereading.offsetMinAt(startMs) : undefined;
  await tx
    .updateTable('sessions')
    .set({
      start_ms: startMs,
      end_ms: moved(end) ?? null,
      offset_min: offsetMin ?? start?.offsetMin ?? row.offset_min,
      clock_shift_ms: shiftMs ?? null,
      time_from: correction?.from ?? null,
      time_due: 1,
      zone_revision: start?.naive || end?.naive ? rereading.zones.revision : null,
    })
    .where('trap_id', '=', row.trap_id)
    .where('session_id', '=', row.session_id)
    .execute();
}

function shiftOf(
  correction: TimeCorrection,
  start: DeviceTime | undefined,
  end: DeviceTime | undefined,
  minutes: number | null,
): number {
  if ('shiftMs' in correction) return correction.shiftMs;
  if (start) return correction.startMs - start.utcMs;
  return end ? correction.startMs + (minutes ?? 0) * 60_000 - end.utcMs : 0;
}

/** The times of a session as its clock said them, in the zones that hold now. */
export function saidOfSession(
  { payload, received_at: receivedAtMs, minutes }: SessionRow,
  { read }: ClockRereading,
): Span {
  const sent = JSON.parse(payload) as { readonly start?: unknown; readonly end?: unknown };
  const [start, end] = [sent.start, sent.end].map((text) =>
    typeof text === 'string' ? read(text, Number(receivedAtMs)) : undefined,
  );
  return choosePasses({ start, end }, minutes === null ? undefined : minutes * 60);
}
