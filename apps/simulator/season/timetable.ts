import { offsetMinAt, wallOffsetMin } from '../../../libs/domain/index.js';
import type { Period, SeasonSettings } from './season.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A trap on a solar battery records four times a day. Minutes after local midnight. */
const STARTS_MIN = [7 * 60, 11 * 60, 14 * 60 + 30, 18 * 60];
export const SESSION_MIN = 40;

/** Local hours in the middle of the sessions. */
export const SESSION_HOURS = STARTS_MIN.map((start) => (start + SESSION_MIN / 2) / 60);

/** The periods of the days before `untilMs`, oldest first: as many a day, whatever the hour of now. */
export function periods({ days, untilMs, timeZone }: SeasonSettings): Period[] {
  const fromMs = untilMs - days * DAY_MS;
  const wallMs = untilMs + offsetMinAt(untilMs, timeZone) * MINUTE_MS;
  const lastDay = Math.floor(wallMs / DAY_MS);
  const all = Array.from({ length: days + 1 }, (_, i) => lastDay - days + i).flatMap((day) =>
    STARTS_MIN.map((startMin, slot): Period => {
      const wallStartMs = day * DAY_MS + startMin * MINUTE_MS;
      const startMs = wallStartMs - wallOffsetMin(wallStartMs, timeZone) * MINUTE_MS;
      return {
        date: new Date(day * DAY_MS).toISOString().slice(0, 10),
        hour: SESSION_HOURS[slot] as number,
        startMs,
        endMs: startMs + SESSION_MIN * MINUTE_MS,
        counter: day * STARTS_MIN.length + slot,
      };
    }),
  );
  return all.filter(({ startMs, endMs }) => startMs >= fromMs && endMs <= untilMs);
}
