const DAY_MS = 86_400_000;

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/**
 * How fast a battery empties, by a straight line through its readings.
 *
 * @param points in any order, the value in per cent
 * @returns undefined where less than a day is known, or where it does not fall by 1 % a day or more
 */
export function batteryTrend(
  points: readonly Point[],
): { readonly perDay: number; readonly emptyAtMs: number } | undefined {
  const times = points.map(({ atMs }) => atMs);
  const lastMs = Math.max(...times);
  if (points.length < 3 || lastMs - Math.min(...times) < DAY_MS) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const x = points.map(({ atMs }) => (atMs - lastMs) / DAY_MS);
  const meanX = mean(x);
  const meanY = mean(points.map(({ value }) => value));
  const slope =
    mean(points.map(({ value }, index) => ((x[index] as number) - meanX) * (value - meanY))) /
    mean(x.map((each) => (each - meanX) ** 2));
  if (!(slope <= -1)) return undefined;
  const now = Math.max(meanY - slope * meanX, 0);
  return { perDay: -slope, emptyAtMs: lastMs + (now / -slope) * DAY_MS };
}

/** The middle one of the gaps between times; undefined where there are fewer than five. */
export function usualGapMs(timesMs: readonly number[]): number | undefined {
  const sorted = [...timesMs].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((time, index) => time - (sorted[index] as number));
  return gaps.length < 5 ? undefined : gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
}
