import { z } from 'zod';
import { isTimeKnown, type Session, sessionMinutes, sessionPlace } from '../../libs/domain/index.js';
import { after, deviceIso, extraFields, instant, iso, limit, placed, time, trapIds } from '../http/index.js';
import { fieldsFor } from '../traps/index.js';

export const SESSIONS_QUERY = z.object({
  trap: trapIds().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs, placed.id, placed.id])),
});
export type SessionsQuery = z.output<typeof SESSIONS_QUERY>;

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

const CHARGES = ['chargeStart', 'chargeEnd'];

/** One recording period. */
export function presentSession(session: Session, exact: boolean): z.output<typeof SESSION> {
  const { start, end } = sessionTimes(session);
  return {
    trapId: session.trapId,
    sessionId: session.sessionId,
    start,
    end,
    offsetMin: session.offsetMin,
    minutes: sessionMinutes(session),
    clockSuspect: session.clockSuspect,
    timeKnown: isTimeKnown(sessionPlace(session)),
    timeFrom: sessionTimeFrom(session),
    receivedAt: iso(session.receivedAtMs),
    extra: fieldsFor(exact, session.payload, CHARGES, ['start', 'end', 'minutes']),
  };
}

/** When it took place, and as the trap has sent it. */
export function sessionTimes({ startMs, endMs, payload }: Session) {
  const sent = payload as { readonly start?: string; readonly end?: string };
  return { start: deviceIso(startMs, sent.start), end: deviceIso(endMs, sent.end), sent };
}

/** Where its time comes from; null if it is unknown. */
export function sessionTimeFrom(session: Session): z.output<typeof SESSION>['timeFrom'] {
  if (!isTimeKnown(sessionPlace(session))) return null;
  return session.timeFrom ?? (session.startMs === null ? 'receipt' : 'trap');
}
