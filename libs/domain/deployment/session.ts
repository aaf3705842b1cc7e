import { placeInTime } from '../time/run-time.js';
import { MINUTE_MS } from '../time/units.js';

/**
 * How the true time of something with a wrong clock became known: from a person, from the known time of its session, or
 * from other messages of the same clock that arrived at once.
 */
export type TimeFrom = 'person' | 'session' | 'neighbours';

/** One recording period of a trap. Its minutes are the sampling effort. */
export interface Session {
  readonly trapId: string;
  readonly sessionId: string;
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** Minutes that the trap's clock was ahead of UTC. */
  readonly offsetMin: number | null;
  /** Recorded minutes, as the trap reported them. */
  readonly reportedMinutes: number | null;
  /** The clock that gave these times cannot be right; stays true when the true time becomes known. */
  readonly clockSuspect: boolean;
  /** Added to the times that the trap sent; null if its clock is trusted. */
  readonly clockShiftMs: number | null;
  readonly timeFrom: TimeFrom | null;
  /** Everything that the trap sent about it; of each field, the latest. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAtMs: number;
  /** `zone_revision` of the trap with which its times were read; null if each came with its own zone. */
  readonly zoneRevision: number | null;
}

/** Its place in the order of time, as that of a run: see `placeInTime`. */
export function sessionPlace(session: Session): number {
  const { clockSuspect, timeFrom, startMs, receivedAtMs } = session;
  if (clockSuspect && timeFrom === null) return placeInTime(undefined, receivedAtMs);
  return startMs ?? receivedAtMs;
}

/** The effort of a session: as reported, otherwise from start to end; null if neither is known. */
export function sessionMinutes({
  reportedMinutes,
  startMs,
  endMs,
}: Pick<Session, 'reportedMinutes' | 'startMs' | 'endMs'>): number | null {
  if (reportedMinutes !== null) return reportedMinutes;
  return startMs === null || endMs === null || endMs < startMs ? null : (endMs - startMs) / MINUTE_MS;
}
