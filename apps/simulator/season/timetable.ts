import { DAY_MS, MINUTE_MS, offsetMinAt, wallOffsetMin } from '../../../libs/domain/index.js';
import type { Period, SeasonSettings, TrapClock } from './season.js';

/** A trap on a solar battery records four times a day. Minutes after local midnight. */
const STARTS_MIN = [7 * 60, 11 * 60, 14 * 60 + 30, 18 * 60];
const SESSION_MIN = 40;

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
const YEARS_AHEAD_MS = 4 * 365 * 86_400_000;

/** What the trap's clock shows at a true time, milliseconds since 1970. */
function shownMs({ wrong, bootMs }: TrapClock, trueMs: number): number {
  if (wrong === 'since-1970') return trueMs - bootMs;
  return wrong === 'years-ahead' ? trueMs + YEARS_AHEAD_MS : trueMs;
}

/** `2026-06-01T08:00:00+02:00`, or as a trap without a zone writes it: `2026-06-01T08:00:00.250000`. */
export function timeText(clock: TrapClock, trueMs: number, timeZone: string): string {
  const ms = shownMs(clock, trueMs);
  const offsetMin = offsetMinAt(ms, timeZone);
  const wall = new Date(ms + offsetMin * MINUTE_MS).toISOString().slice(0, -1);
  // Python leaves out a fraction that is 0.
  if (clock.naive) return wall.endsWith('.000') ? wall.slice(0, -4) : `${wall}000`;
  const sign = offsetMin < 0 ? '-' : '+';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMin) / 60), Math.abs(offsetMin) % 60];
  return `${wall}${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** `20260601T080000`: the beginning of ids, in the time that the trap shows. */
export function stamp(clock: TrapClock, trueMs: number, timeZone: string): string {
  const ms = shownMs(clock, trueMs);
  const wall = new Date(ms + offsetMinAt(ms, timeZone) * MINUTE_MS).toISOString();
  return wall.slice(0, 19).replace(/[-:]/g, '');
}
