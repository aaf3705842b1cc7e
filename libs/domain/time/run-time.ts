/**
 * Where runs of unknown time are sorted: by their receipt, so many milliseconds before it. That is behind all others in
 * every list of the newest, and in no hour and no day that anyone can ask for. One column then carries both the time
 * and whether it is known, and every index on it serves.
 */
const UNKNOWN_MS = 100_000_000_000_000;

/** The place of a run in the order of time: when it took place, or where runs of unknown time are sorted. */
export const placeInTime = (knownMs: number | undefined, receivedAtMs: number): number =>
  knownMs ?? receivedAtMs - UNKNOWN_MS;

/** No device clock before 2000 is believed, so that no known time is negative. */
export const isTimeKnown = (placeMs: number): boolean => placeMs >= 0;

/** When the run took place; undefined where its time is unknown. */
export const knownTimeMs = (placeMs: number): number | undefined =>
  isTimeKnown(placeMs) ? placeMs : undefined;

/** When the run took place, or when it was received where that is unknown: for ages, never for counts. */
export const timeOrReceiptMs = (placeMs: number): number =>
  isTimeKnown(placeMs) ? placeMs : placeMs + UNKNOWN_MS;
