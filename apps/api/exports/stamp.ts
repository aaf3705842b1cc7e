import { isTimeZone, offsetMinAt } from '../../../libs/domain/index.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/**
 * A time as the exchange formats take it: to the second, since milliseconds are refused, and with its zone. What is
 * behind the second is cut off, so that the order of times stays.
 *
 * @param offsetMin minutes east of UTC
 */
export function stamp(atMs: number, offsetMin = 0): string {
  const wallMs = Math.floor(atMs / SECOND_MS) * SECOND_MS + offsetMin * MINUTE_MS;
  return `${new Date(wallMs).toISOString().slice(0, 19)}${zone(offsetMin)}`;
}

export const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Minutes east of UTC in a time zone; 0 where none is known. */
export const offsetAt = (atMs: number, timeZone: string | null): number =>
  isTimeZone(timeZone) ? offsetMinAt(atMs, timeZone) : 0;

function zone(offsetMin: number): string {
  if (offsetMin === 0) return 'Z';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMin) / 60), Math.abs(offsetMin) % 60];
  return `${offsetMin < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
