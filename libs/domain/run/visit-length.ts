import type { Run } from './run.js';

/** Longer than this a visit is not: one of its two times was sent by a wrong clock. */
const LONGEST_MS = 24 * 3_600_000;

type VisitTimes = Pick<Run, 'durationS' | 'startMs' | 'endMs' | 'clockSuspect'>;

/** How long a visit took, in seconds: as the trap reported, otherwise from start to end; undefined if unknown. */
export function visitLengthS({ durationS, startMs, endMs, clockSuspect }: VisitTimes): number | undefined {
  if (durationS !== null) return durationS;
  if (startMs === null || endMs === null || endMs < startMs) return undefined;
  if (clockSuspect && endMs - startMs > LONGEST_MS) return undefined;
  return (endMs - startMs) / 1000;
}
