import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { expectationOf } from './expectation.js';
import { lowerTail, quantile, upperTail } from './tails.js';

interface GoldenCase {
  readonly id: string;
  readonly freq: number;
  readonly b: number;
  readonly w: number;
  readonly alpha: number;
  readonly y: readonly number[];
  readonly effort: readonly number[] | null;
  readonly offset: boolean;
  readonly rangeStart0: number;
  readonly mu0: readonly number[];
  readonly phi: readonly number[];
  readonly upper: readonly number[];
  readonly pvalue: readonly number[];
  readonly alarm: readonly number[];
}

const file = `${process.env['TRAPLINE_SHARED'] ?? ''}/data/activity/farrington-golden.json`;
const cases: GoldenCase[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : [];

(cases.length ? describe : describe.skip)('against R surveillance (skipped without its outputs)', () => {
  it.each(cases.map((golden) => [golden.id, golden] as const))('expects the same of %s', (_, golden) => {
    const effort = golden.offset && golden.effort ? golden.effort : golden.y.map(() => 1);
    for (const [i, mu0] of golden.mu0.entries()) {
      const t = golden.rangeStart0 + i;
      const baseline = [];
      for (let year = 1; year <= golden.b; year += 1) {
        for (let j = -golden.w; j <= golden.w; j += 1) {
          const at = t - golden.freq * year + j;
          if (golden.y[at] !== undefined)
            baseline.push({ count: golden.y[at] as number, effortH: effort[at] as number });
        }
      }
      const expected = expectationOf(baseline, effort[t] as number);
      const upper = quantile(expected, 1 - golden.alpha);
      const count = golden.y[t] as number;
      expect(Math.abs(expected.mean - mu0)).toBeLessThan(1e-4);
      expect(Math.abs(expected.dispersion - (golden.phi[i] as number))).toBeLessThan(1e-3);
      expect(upper).toBe(golden.upper[i]);
      expect(Math.abs(upperTail(expected, count) - (golden.pvalue[i] as number))).toBeLessThan(1e-4);
      expect(count > upper).toBe(golden.alarm[i] === 1);
    }
  });
});

describe('the tails of a count', () => {
  it('are those of a Poisson distribution where the dispersion is 1', () => {
    const poisson = { mean: 2, dispersion: 1 };
    expect(lowerTail(poisson, 0)).toBeCloseTo(Math.exp(-2), 12);
    expect(upperTail(poisson, 3)).toBeCloseTo(1 - 5 * Math.exp(-2), 12);
    expect(quantile(poisson, 0.999)).toBe(8);
  });

  it('are those of a geometric distribution where mean and dispersion make it one', () => {
    // Size 1, probability 1/3: P(Y ≥ k) = (2/3)^k
    const geometric = { mean: 2, dispersion: 3 };
    for (const k of [1, 3, 10, 60]) expect(upperTail(geometric, k) / (2 / 3) ** k).toBeCloseTo(1, 9);
  });

  it('are exact far out, and for large means', () => {
    expect(upperTail({ mean: 0.5, dispersion: 1 }, 20) / 2.44e-25).toBeCloseTo(1, 1);
    const large = { mean: 5000, dispersion: 1.5 };
    expect(lowerTail(large, 4999) + upperTail(large, 5000)).toBeCloseTo(1, 9);
    expect(quantile(large, 0.5)).toBeGreaterThan(4990);
  });

  it('leave nothing to a count that is never expected', () => {
    const never = { mean: 0, dispersion: 1 };
    expect([upperTail(never, 0), upperTail(never, 1), lowerTail(never, 0), quantile(never, 0.999)]).toEqual([
      1, 0, 1, 0,
    ]);
  });
});
