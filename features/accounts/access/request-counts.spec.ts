import { describe, expect, it } from '@jest/globals';
import { countOfAddress, RequestCounts } from './rate.guard.js';

const NOON = Date.UTC(2026, 5, 1, 12);

describe('the count of requests', () => {
  it('is one for each caller, and begins again with the next minute', () => {
    const counts = new RequestCounts();
    expect(counts.add('key a', NOON)).toEqual({ requests: 1, resetS: 60 });
    expect(counts.add('key a', NOON + 15_000)).toEqual({ requests: 2, resetS: 45 });
    expect(counts.add('key b', NOON + 59_999)).toEqual({ requests: 1, resetS: 1 });
    expect(counts.add('key a', NOON + 60_000)).toEqual({ requests: 1, resetS: 60 });
  });

  it('has room for so many addresses, and room for every key all the same', () => {
    const counts = new RequestCounts();
    for (let i = 0; i < 20_000; i += 1) counts.add(countOfAddress(String(i)), NOON);
    const others = ['x', 'y', 'z'].map((address) => counts.add(countOfAddress(address), NOON).requests);
    expect(others).toEqual([1, 2, 3]);
    expect(counts.add(countOfAddress('7'), NOON).requests).toBe(2);
    expect([counts.add('key a', NOON).requests, counts.add('key b', NOON).requests]).toEqual([1, 1]);
  });
});
