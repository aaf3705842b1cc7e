import { HOUR_MS, MINUTE_MS } from '../time/units.js';

/** What is known of one recording period of a trap. Times in milliseconds since 1970, UTC. */
export interface RecordedSession {
  readonly startMs: number;
  readonly endMs: number | null;
  /** Minutes recorded, as the trap says; fewer than from start to end where it paused. */
  readonly minutes: number | null;
  /** Minutes that the trap's clock was ahead of UTC. */
  readonly offsetMin: number;
}

/** One hour of the trap's clock in which it recorded. */
export interface EffortHour {
  /** Hours since 1970 by the trap's clock. */
  readonly hour: number;
  /** Undefined: it did record, and nobody knows how long. */
  readonly minutes: number | undefined;
}

/** A session without an end is taken to go on for so long at most, as nothing is known of these hours. */
const UNKNOWN_MS = 24 * HOUR_MS;
/** A session that is said to be longer is a mistake, and says nothing. */
const LONGEST_MS = 366 * 24 * HOUR_MS;

/**
 * The sampling effort of one trap, hour by hour of its clock; an hour can come in several parts.
 *
 * A trap records once at a time: where sessions overlap, the earlier one counts. Minutes that are fewer than the time
 * from start to end are spread evenly over it.
 *
 * @param sessions of one trap, in the order of their starts
 * @param fromMs what lies before is left out; likewise from `toMs` on
 */
export function* effortHours(
  sessions: readonly RecordedSession[],
  fromMs = Number.NEGATIVE_INFINITY,
  toMs = Number.POSITIVE_INFINITY,
): Generator<EffortHour> {
  let coveredMs = fromMs;
  for (const [at, session] of sessions.entries()) {
    const { endMs, share } = extentOf(session, sessions[at + 1]?.startMs);
    const startMs = Math.max(session.startMs, coveredMs);
    const untilMs = Math.min(endMs, toMs);
    if (untilMs <= startMs) continue;
    yield* hoursBetween(startMs, untilMs, session.offsetMin, share);
    coveredMs = untilMs;
  }
}

/** Until when a session goes, and which share of that time it recorded; undefined where nobody knows. */
function extentOf(
  { startMs, endMs, minutes }: RecordedSession,
  nextStartMs = Number.POSITIVE_INFINITY,
): { readonly endMs: number; readonly share: number | undefined } {
  const saidMs = minutes === null ? undefined : minutes * MINUTE_MS;
  const lengthMs = endMs === null ? saidMs : endMs - startMs;
  if (lengthMs === undefined) return { endMs: Math.min(startMs + UNKNOWN_MS, nextStartMs), share: undefined };
  if (lengthMs <= 0 || lengthMs > LONGEST_MS) return { endMs: startMs, share: undefined };
  return { endMs: startMs + lengthMs, share: saidMs === undefined ? 1 : Math.min(1, saidMs / lengthMs) };
}

function* hoursBetween(
  startMs: number,
  untilMs: number,
  offsetMin: number,
  share: number | undefined,
): Generator<EffortHour> {
  const offsetMs = offsetMin * MINUTE_MS;
  for (let atMs = startMs; atMs < untilMs; ) {
    const hour = Math.floor((atMs + offsetMs) / HOUR_MS);
    const nextMs = Math.min((hour + 1) * HOUR_MS - offsetMs, untilMs);
    yield { hour, minutes: share === undefined ? undefined : (share * (nextMs - atMs)) / MINUTE_MS };
    atMs = nextMs;
  }
}
