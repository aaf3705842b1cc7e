import { describe, expect, it } from '@jest/globals';
import { comparableDays, usualOf, usualRange } from './usual.js';

const days = (counts: readonly number[], minutes = 60) => counts.map((count) => ({ count, minutes }));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('the usual range', () => {
  // R: quantile(1:21, c(.1, .5, .9), type = 7) is 3, 11, 19; of 1:12 it is 2.1, 6.5, 10.9.
  it('is that of R', () => {
    expect(usualRange(days(upTo(21)), 60)).toEqual({ low: 3, median: 11, high: 19 });
    expect(usualRange(days(upTo(12)), 60)).toEqual({ low: 2, median: 7, high: 11 });
    expect(usualOf(upTo(21))).toEqual({ low: 3, median: 11, high: 19 });
  });

  it('does not depend on the order', () => {
    expect(usualRange(days(upTo(21).reverse()), 60)).toEqual(usualRange(days(upTo(21)), 60));
  });

  it('is scaled to the same recorded time', () => {
    const half = days(upTo(21), 30);
    expect(usualRange(half, 60)).toEqual({ low: 6, median: 22, high: 38 });
    const mixed = upTo(21).map((count) => ({ count, minutes: count * 10 }));
    expect(usualRange(mixed, 60)).toEqual({ low: 6, median: 6, high: 6 });
  });

  it('is unknown before there are twelve days', () => {
    expect(usualRange(days(upTo(11)), 60)).toBeUndefined();
    expect(usualOf(upTo(11))).toBeUndefined();
  });
});

describe('days that can be compared', () => {
  it('recorded ten minutes, and a quarter of the time', () => {
    const minutes = [0, 9, 10, 24, 25, 200].map((each) => ({ count: 1, minutes: each }));
    expect(comparableDays(minutes, 20).map((day) => day.minutes)).toEqual([10, 24, 25, 200]);
    expect(comparableDays(minutes, 100).map((day) => day.minutes)).toEqual([25, 200]);
  });
});
