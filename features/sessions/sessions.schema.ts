import { z } from 'zod';
import { isTimeKnown, MINUTE_MS } from '../../libs/domain/index.js';
import { deviceIso, extraFields, instant, iso } from '../http/index.js';
import { fieldsFor } from '../traps/index.js';
import type { listSessions } from './sessions.repository.js';

export const SESSION = z
  .strictObject({
    trapId: z.string(),
    sessionId: z.string(),
    start: instant().nullable(),
    end: instant().nullable(),
    offsetMin: z.int().nullable().meta({ description: "Minutes that the trap's clock was ahead of UTC" }),
    minutes: z
      .number()
      .nullable()
      .meta({ description: 'The effort: as the trap says, else from start to end' }),
    clockSuspect: z.boolean(),
    timeKnown: z.boolean().meta({ description: 'False: nobody knows when it took place' }),
    timeFrom: z
      .enum(['trap', 'person', 'session', 'neighbours', 'receipt'])
      .nullable()
      .meta({ description: 'Who says when it took place, as in a run' }),
    receivedAt: instant(),
    extra: extraFields(),
  })
  .meta({
    id: 'Session',
    description: 'One recording period of a trap; its minutes are the sampling effort',
  });

export const EXAMPLE_SESSION: z.output<typeof SESSION> = {
  trapId: 'meadow-1',
  sessionId: '20260601_053000',
  start: '2026-06-01T03:30:00.000Z',
  end: '2026-06-01T19:30:00.000Z',
  offsetMin: 120,
  minutes: 960,
  clockSuspect: false,
  timeKnown: true,
  timeFrom: 'trap',
  receivedAt: '2026-06-01T19:30:02.000Z',
  extra: { chargeStart: 81, chargeEnd: 64 },
};

type SessionRow = Awaited<ReturnType<typeof listSessions>>[number];

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
