import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { observe } from './observation.js';
import { atLeast, PROBABILITY_TOLERANCE, reaches } from './probability.js';
import { rankLabels } from './ranking.js';

/** Thresholds as people write them: up to four decimals. */
const threshold = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000);
const crops = fc.integer({ min: 1, max: 60 });

const noLabels = new Map();
const certain = { marginBelow: 0, rollUpAt: 1 };
/** The mean of `count` equal answers, added up one by one. */
const sumOf = (value: number, count: number) =>
  Array.from({ length: count }, () => value).reduce((a, b) => a + b, 0);

describe('a probability and a threshold', () => {
  it('are compared as they were meant: float32 of the threshold reaches it', () => {
    fc.assert(fc.property(threshold, (t) => reaches(Math.fround(t), t)));
  });

  it('are compared as they were meant after a mean over float32 answers', () => {
    fc.assert(
      fc.property(threshold, crops, (t, count) => {
        const votes = [{ label: 'a', crops: count, probabilitySum: sumOf(Math.fround(t), count) }];
        return observe(votes, noLabels, { ...certain, unsureBelow: t })?.unsure === false;
      }),
    );
  });

  it('differ where they differ by more than float32 can hide', () => {
    fc.assert(
      fc.property(
        threshold,
        fc.double({ min: 2 * PROBABILITY_TOLERANCE, max: 1, noNaN: true }),
        (t, less) => {
          return !reaches(Math.fround(t) - less, t);
        },
      ),
    );
    expect(reaches(0.34999, 0.35)).toBe(false);
  });

  it('agree for steps of 1/256, which quantised models answer in', () => {
    for (let step = 0; step <= 255; step += 1)
      expect(reaches(Math.fround(step) / 256, step / 256)).toBe(true);
  });

  it('mean the same in a query', () => {
    fc.assert(fc.property(threshold, threshold, (p, t) => reaches(p, t) === p >= atLeast(t)));
  });
});

describe('a tie', () => {
  it('is one for float32 of the same probability, however its sum was made', () => {
    fc.assert(
      fc.property(threshold, crops, (t, count) => {
        const ranking = rankLabels([
          { label: 'b', crops: count, probabilitySum: t * count },
          { label: 'a', crops: count, probabilitySum: sumOf(Math.fround(t), count) },
        ]);
        return ranking[0]?.label === 'a';
      }),
    );
  });

  it('is one on any step of 1/256, and never joins labels further apart', () => {
    for (let step = 1; step <= 255; step += 1) {
      const p = step / 256;
      const ranked = rankLabels([
        { label: 'c', crops: 1, probabilitySum: p - 1 / 256 },
        { label: 'b', crops: 1, probabilitySum: p },
        { label: 'a', crops: 1, probabilitySum: p - 1e-12 },
      ]);
      expect(ranked.map(({ label }) => label)).toEqual(['a', 'b', 'c']);
    }
  });
});
