import type { Point } from './trend.js';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Longer than this many usual gaps, nothing is known in between: the line breaks. */
const BREAKS_AFTER = 6;

/**
 * The path of a line through points, in a box of the given size; it breaks where nothing came for long.
 *
 * @param points in time order
 * @param gapMs between two points, usually
 */
export function linePath(
  points: readonly Point[],
  { fromMs, toMs }: Span,
  [low, high]: readonly [number, number],
  width: number,
  height: number,
  gapMs: number,
): string {
  const x = (atMs: number) => (((atMs - fromMs) / (toMs - fromMs)) * width).toFixed(1);
  const y = (value: number) => (height - ((value - low) / (high - low || 1)) * height).toFixed(1);
  return points
    .map(({ atMs, value }, index) => {
      const before = points[index - 1];
      const breaks = !before || atMs - before.atMs > gapMs * BREAKS_AFTER;
      // A point of its own is a line of no length, which round ends make visible.
      return `${breaks ? 'M' : 'L'}${x(atMs)} ${y(value)}${breaks ? 'h0' : ''}`;
    })
    .join('');
}

/** The least and the greatest value, with some room where all are the same. */
export function extent(points: readonly Point[], leastSpan: number): readonly [number, number] {
  const values = points.map(({ value }) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const missing = Math.max(0, leastSpan - (high - low)) / 2;
  return [low - missing, high + missing];
}
