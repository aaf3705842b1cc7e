import { DAY_MS, MINUTE_MS, offsetMinAt, wallOffsetMin } from '../../libs/domain/index.js';

/** A local day, and how much of it is over. */
export interface LocalDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly zone: string;
  /** UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly isToday: boolean;
  /** Milliseconds since midnight on the wall; a day that is over has all of them, one to come none. */
  readonly timeOfDay: number;
}

/**
 * A day in a zone.
 *
 * @param day days since 1970-01-01; left out: the one that it is there
 */
export function localDay(zone: string, nowMs: number, day?: number): LocalDay {
  const wallMs = nowMs + offsetMinAt(nowMs, zone) * MINUTE_MS;
  const today = Math.floor(wallMs / DAY_MS);
  const wanted = day ?? today;
  return {
    day: wanted,
    zone,
    fromMs: midnight(wanted, zone),
    toMs: midnight(wanted + 1, zone),
    isToday: wanted === today,
    timeOfDay: wanted === today ? wallMs - today * DAY_MS : wanted < today ? DAY_MS : 0,
  };
}

/** When a time on the wall is, in UTC. */
export const utcOf = (wallMs: number, zone: string): number =>
  wallMs - wallOffsetMin(wallMs, zone) * MINUTE_MS;

const midnight = (day: number, zone: string): number => utcOf(day * DAY_MS, zone);

/** `2026-07-16` */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** `14:40` */
export const timeText = (timeOfDay: number): string =>
  timeOfDay >= DAY_MS ? '24:00' : new Date(timeOfDay).toISOString().slice(11, 16);
