import { describe, expect, it } from '@jest/globals';
import { extent, linePath } from './lines.js';
import { batteryTrend, usualGapMs } from './trend.js';

const DAY = 86_400_000;
const falling = [100, 94, 88, 82].map((value, index) => ({ atMs: index * DAY, value }));

describe('a battery', () => {
  it('tells how fast it empties, and when it will be empty', () => {
    const trend = batteryTrend(falling);
    expect(trend?.perDay).toBeCloseTo(6, 10);
    expect((trend?.emptyAtMs ?? 0) / DAY).toBeCloseTo(3 + 82 / 6, 10);
  });

  it('tells nothing where it does not fall, or where too little is known', () => {
    expect(batteryTrend(falling.map((point) => ({ ...point, value: 80 })))).toBeUndefined();
    expect(
      batteryTrend([...falling].reverse().map((point, index) => ({ ...point, atMs: index * DAY }))),
    ).toBeUndefined();
    expect(batteryTrend(falling.slice(0, 2))).toBeUndefined();
    expect(batteryTrend(falling.map((point) => ({ ...point, atMs: point.atMs / 10 })))).toBeUndefined();
  });
});

describe('the rhythm of a trap', () => {
  it('is the middle gap, whatever the order and whatever nights there are', () => {
    expect(usualGapMs([50, 10, 20, 30, 40, 1000].map((min) => min * 60_000))).toBe(10 * 60_000);
    expect(usualGapMs([1, 2, 3])).toBeUndefined();
  });
});

describe('a line', () => {
  it('breaks where nothing came for long', () => {
    const points = [0, 1, 20].map((atMs) => ({ atMs, value: atMs }));
    expect(linePath(points, { fromMs: 0, toMs: 20 }, [0, 20], 200, 20, 1)).toBe(
      'M0.0 20.0h0L10.0 19.0M200.0 0.0h0',
    );
  });

  it('has room where all values are the same', () => {
    expect(extent([{ atMs: 0, value: 5 }], 10)).toEqual([0, 10]);
    expect(extent(falling, 10)).toEqual([82, 100]);
  });
});
