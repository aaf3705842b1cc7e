import { describe, expect, it } from '@jest/globals';
import {
  bins,
  darkest,
  dispersion,
  mondayOf,
  rateError,
  ratePerHour,
  ratio,
  shade,
  shareInterval,
} from './season-bins.js';

const DAYS = [
  { day: '2026-07-12', visits: 3, minutes: 60 },
  { day: '2026-07-13', visits: 5, minutes: 120 },
  { day: '2026-07-19', visits: 2, minutes: null },
];

describe('the bins of a season', () => {
  it('are days, also those without a visit; what was not recorded is null, and not 0', () => {
    expect(bins(DAYS, '2026-07-12', '2026-07-14', 'day')).toEqual([
      { start: '2026-07-12', visits: 3, minutes: 60 },
      { start: '2026-07-13', visits: 5, minutes: 120 },
      { start: '2026-07-14', visits: 0, minutes: null },
    ]);
  });

  it('are weeks from Monday on, cut by the period', () => {
    expect(mondayOf('2026-07-19')).toBe('2026-07-13');
    expect(bins(DAYS, '2026-07-12', '2026-07-19', 'week')).toEqual([
      { start: '2026-07-12', visits: 3, minutes: 60 },
      { start: '2026-07-13', visits: 7, minutes: 120 },
    ]);
  });

  it('leave out what lies beside the period', () => {
    expect(bins(DAYS, '2026-07-14', '2026-07-18', 'week')).toEqual([
      { start: '2026-07-14', visits: 0, minutes: null },
    ]);
  });
});

describe('a comparison', () => {
  const now = { visits: 300, minutes: 6000 };

  it('is of visits per recorded hour, with its error', () => {
    expect(ratePerHour(now)).toBe(3);
    expect(rateError(now, 1)).toBeCloseTo((1.96 * Math.sqrt(300)) / 100, 10);
    expect(rateError(now, 4)).toBeCloseTo(2 * rateError(now, 1), 10);
  });

  it('is sure only where the interval of the ratio leaves out 1', () => {
    expect(ratio(now, { visits: 150, minutes: 6000 }, 1)).toEqual({ value: 2, isSure: true });
    expect(ratio(now, { visits: 290, minutes: 6000 }, 1)?.isSure).toBe(false);
    expect(ratio(now, { visits: 150, minutes: 6000 }, 40)?.isSure).toBe(false);
    expect(ratio(now, { visits: 0, minutes: 6000 }, 1)).toBeNull();
  });

  it('finds days that differ by more than chance', () => {
    const days = (visits: (index: number) => number) =>
      Array.from({ length: 28 }, (_, index) => ({ day: `d${index}`, visits: visits(index), minutes: 600 }));
    expect(dispersion(days(() => 20))).toBe(1);
    expect(dispersion(days((index) => (index % 2 ? 40 : 0)))).toBeGreaterThan(10);
    expect(dispersion(days(() => 20).slice(0, 5))).toBe(1);
  });

  it('shows a share with an interval within 0 and 1', () => {
    const [low, high] = shareInterval(459, 478);
    expect([low, high].map((each) => Math.round(each * 100))).toEqual([94, 97]);
    expect(shareInterval(3, 3)[1]).toBe(1);
    expect(shareInterval(3, 3)[0]).toBeLessThan(0.5);
  });
});

describe('a heat map', () => {
  it('has its darkest shade at a round value that some reach', () => {
    expect(darkest([0, 0.1, 0.5, 3.7, 4.2])).toBe(3);
    expect(darkest([0.03])).toBe(0.03);
    expect(darkest([])).toBe(1);
  });

  it('has seven shades, and 0 is the palest', () => {
    expect([0, 0.04, 0.1, 0.3, 0.8, 1.2, 2.5, 9].map((rate) => shade(rate, 3))).toEqual([
      0, 0, 1, 2, 3, 4, 5, 6,
    ]);
  });
});
