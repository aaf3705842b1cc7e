/** Longer than this a visit is not: one of its two times was said by a wrong clock. */
const LONGEST_MS = 24 * 3_600_000;

interface VisitTimes {
  /** As the trap says. */
  readonly duration_s: number | null;
  readonly start_ms: number | null;
  readonly end_ms: number | null;
  readonly clock_suspect: 0 | 1;
}

/** How long a visit took, in seconds: as the trap says, else from start to end; undefined where nobody knows. */
export function visitLengthS({
  duration_s,
  start_ms,
  end_ms,
  clock_suspect,
}: VisitTimes): number | undefined {
  if (duration_s !== null) return duration_s;
  if (start_ms === null || end_ms === null || end_ms < start_ms) return undefined;
  if (clock_suspect === 1 && end_ms - start_ms > LONGEST_MS) return undefined;
  return (end_ms - start_ms) / 1000;
}
