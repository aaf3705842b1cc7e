import { offsetMinAt } from '../../../libs/domain/index.js';
import type { TrapClock } from './season.js';

const MINUTE_MS = 60_000;
const YEARS_AHEAD_MS = 4 * 365 * 86_400_000;

/** What the trap's clock shows at a true time, milliseconds since 1970. */
export function shownMs({ wrong, bootMs }: TrapClock, trueMs: number): number {
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
