import type { z } from 'zod';
import type { listSessions } from '../../libs/catalog/index.js';
import { isTimeKnown } from '../../libs/domain/index.js';
import { fieldsFor } from './place.js';
import type { SESSION } from './session-schema.js';
import { deviceIso, iso } from './show.js';

type SessionRow = Awaited<ReturnType<typeof listSessions>>[number];

const MINUTE_MS = 60_000;
const CHARGES = ['chargeStart', 'chargeEnd'];

/** One recording period. Without `minutes` of the trap's own, the time from start to end is the effort. */
export function sessionView(row: SessionRow, exact: boolean): z.output<typeof SESSION> {
  const { start, end } = sessionTimes(row);
  return {
    trapId: row.trap_id,
    sessionId: row.session_id,
    start,
    end,
    offsetMin: row.offset_min,
    minutes: sessionMinutes(row),
    clockSuspect: row.clock_suspect === 1,
    timeKnown: isTimeKnown(row.at_ms),
    timeFrom: sessionTimeFrom(row),
    receivedAt: iso(row.received_at),
    extra: fieldsFor(exact, row.payload, CHARGES, ['start', 'end', 'minutes']),
  };
}

/** When it took place, and as the trap has said it. */
export function sessionTimes({
  start_ms,
  end_ms,
  payload,
}: Pick<SessionRow, 'start_ms' | 'end_ms' | 'payload'>) {
  const said = JSON.parse(payload) as { readonly start?: string; readonly end?: string };
  return { start: deviceIso(start_ms, said.start), end: deviceIso(end_ms, said.end), said };
}

/** Who says when it took place; null where nobody knows. */
export function sessionTimeFrom({
  at_ms,
  time_from,
  start_ms,
}: SessionRow): z.output<typeof SESSION>['timeFrom'] {
  if (!isTimeKnown(at_ms)) return null;
  return time_from ?? (start_ms === null ? 'receipt' : 'trap');
}

/** The effort of a session, as the trap has told it or as its times say. */
export const sessionMinutes = (row: Pick<SessionRow, 'minutes' | 'start_ms' | 'end_ms'>): number | null =>
  row.minutes ?? minutesBetween(row.start_ms, row.end_ms);

function minutesBetween(startMs: number | null, endMs: number | null): number | null {
  return startMs === null || endMs === null || endMs < startMs ? null : (endMs - startMs) / MINUTE_MS;
}
