import { withMicros } from '../../../libs/domain/index.js';

/** A time as the API writes it: ISO 8601 in UTC, with `Z`; to the microsecond where `atMs` has a fraction. */
export function iso(atMs: number): string {
  const wholeMs = Math.floor(atMs);
  const micros = Math.round((atMs - wholeMs) * 1000);
  const text = new Date(wholeMs).toISOString();
  return micros ? `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z` : text;
}

export const isoOrNull = (atMs: number | null): string | null => (atMs === null ? null : iso(atMs));

/**
 * A time of a trap, with the microseconds that it was sent with.
 *
 * @param sent the text that `atMs` was read from
 */
export const deviceIso = (atMs: number | null, sent: unknown): string | null =>
  atMs === null ? null : iso(withMicros(atMs, sent));
