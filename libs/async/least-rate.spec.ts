import { describe, expect, it } from '@jest/globals';
import { LeastRate } from './least-rate.js';

const start = () => new LeastRate({ windowMs: 60_000, bytesPerS: 512 }, 0);

describe('the least rate of a transfer', () => {
  it('is kept by a bad GSM connection of 2 KB/s, for as long as it takes', () => {
    const rate = start();
    for (let s = 1; s <= 600; s++) {
      rate.add(2000);
      expect(rate.isTooSlow(s * 1000)).toBe(false);
    }
  });

  it('is not kept by a byte now and then', () => {
    const rate = start();
    for (let s = 1; s < 60; s++) {
      rate.add(1);
      expect(rate.isTooSlow(s * 1000)).toBe(false);
    }
    expect(rate.isTooSlow(60_000)).toBe(true);
  });

  it('is not kept by a fast beginning', () => {
    const rate = start();
    rate.add(1_000_000);
    expect(rate.isTooSlow(60_000)).toBe(false);
    rate.add(60);
    expect(rate.isTooSlow(120_000)).toBe(true);
  });

  it('leaves out the time in which nobody reads', () => {
    const rate = start();
    rate.add(20_000);
    rate.pause(30_000);
    expect(rate.isTooSlow(500_000)).toBe(false);
    rate.resume(500_000);
    expect(rate.isTooSlow(529_000)).toBe(false);
    expect(rate.isTooSlow(530_000)).toBe(true);
  });

  it('says early who is behind', () => {
    const rate = start();
    expect(rate.isBehind(4000, 5000)).toBe(false);
    expect(rate.isBehind(5000, 5000)).toBe(true);
    rate.add(2560);
    expect(rate.isBehind(5000, 5000)).toBe(false);
  });
});
