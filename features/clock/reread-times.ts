import type { Catalog, Db } from '../../libs/database/index.js';
import {
  choosePasses,
  type DeviceTime,
  MINUTE_MS,
  type Session,
  type Span,
} from '../../libs/domain/index.js';
import { markSessionDue, sessionsReadBefore, setSessionTimes } from '../sessions/index.js';
import { trapToReread } from './clock.repository.js';
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
  const trapId = await trapToReread(reader);
  if (trapId === undefined) return false;
  await db.transaction().execute(async (tx) => {
    const rereading = await rereadingOf(tx, trapId, defaultZone, marksPoints);
    for (const step of [rereadRuns, rereadSessions, rereadTelemetry])
      if ((await step(tx, rereading)) > 0) return;
  });
  return true;
}

const AT_ONCE = 50;

/** Reads the times of some sessions again. @returns how many; 0 = none is left */
async function rereadSessions(tx: Db, rereading: ClockRereading): Promise<number> {
  const { trapId, zones } = rereading;
  const sessions = await sessionsReadBefore(tx, trapId, zones.revision, AT_ONCE);
  for (const session of sessions) {
    const { start, end } = sentTimes(session, rereading);
    if (session.timeFrom !== null) {
      // A true time that is known stays, whatever zone the wrong clock is read in.
      const startMs = session.startMs ?? session.receivedAtMs;
      await correctSession(tx, rereading, session, { from: session.timeFrom, startMs });
      continue;
    }
    const times = {
      startMs: start?.utcMs ?? session.startMs,
      endMs: end?.utcMs ?? session.endMs,
      offsetMin: start?.offsetMin ?? session.offsetMin,
      clockSuspect: start?.clockSuspect || end?.clockSuspect || false,
      clockShiftMs: session.clockShiftMs,
      timeFrom: null,
      zoneRevision: start?.naive || end?.naive ? zones.revision : null,
    };
    await setSessionTimes(tx, session, times, { ifUnchanged: true });
  }
  return sessions.length;
}

/** Sets the true time of a session, or takes it back; its runs are due to follow. */
export async function correctSession(
  tx: Db,
  rereading: ClockRereading,
  session: Session,
  correction: TimeCorrection | undefined,
): Promise<void> {
  const { start, end } = sentTimes(session, rereading);
  const shiftMs = correction && shiftOf(correction, start, end, session.reportedMinutes);
  const isOneSuspect = start?.clockSuspect || end?.clockSuspect || false;
  const moved = (time: DeviceTime | undefined) =>
    time && time.utcMs + (time.clockSuspect === isOneSuspect ? (shiftMs ?? 0) : 0);
  const startMs = moved(start) ?? null;
  const offsetMin = correction && startMs !== null ? rereading.offsetMinAt(startMs) : undefined;
  await setSessionTimes(tx, session, {
    startMs,
    endMs: moved(end) ?? null,
    offsetMin: offsetMin ?? start?.offsetMin ?? session.offsetMin,
    clockSuspect: session.clockSuspect,
    clockShiftMs: shiftMs ?? null,
    timeFrom: correction?.from ?? null,
    zoneRevision: start?.naive || end?.naive ? rereading.zones.revision : null,
  });
  await markSessionDue(tx, session);
}

function shiftOf(
  correction: TimeCorrection,
  start: DeviceTime | undefined,
  end: DeviceTime | undefined,
  minutes: number | null,
): number {
  if ('shiftMs' in correction) return correction.shiftMs;
  if (start) return correction.startMs - start.utcMs;
  return end ? correction.startMs + (minutes ?? 0) * MINUTE_MS - end.utcMs : 0;
}

/** The times of a session as its clock gave them, in the zones that apply now. */
export function sentTimes(
  { payload, receivedAtMs, reportedMinutes }: Session,
  { read }: ClockRereading,
): Span {
  const [start, end] = [payload['start'], payload['end']].map((text) =>
    typeof text === 'string' ? read(text, receivedAtMs) : undefined,
  );
  return choosePasses({ start, end }, reportedMinutes === null ? undefined : reportedMinutes * 60);
}
