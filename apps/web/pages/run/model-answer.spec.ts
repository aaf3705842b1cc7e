import { describe, expect, it } from '@jest/globals';
import { bestPicture, rankLabels } from './model-answer.js';

const picture = (...ranked: [string, number][]) => ({
  removed: false,
  classification: {
    ranked: ranked.map(([label, probability]) => ({ label, probability })),
    classifiedAt: '2026-06-01T08:00:00.000Z',
  },
});
const unclassified = { removed: false, classification: null };

describe('what the model says of a run', () => {
  it('is the mean over its pictures, so that one sure picture does not outweigh three', () => {
    const ranked = rankLabels([
      picture(['bee', 0.9], ['fly', 0.1]),
      picture(['fly', 0.6], ['bee', 0.4]),
      picture(['fly', 0.8], ['wasp', 0.2]),
    ]);
    expect(ranked.map(({ label, votes }) => [label, votes])).toEqual([
      ['fly', 2],
      ['bee', 1],
      ['wasp', 0],
    ]);
    expect(ranked[0]?.probability).toBeCloseTo(0.5);
  });

  it('leaves out pictures that have no answer', () => {
    expect(rankLabels([unclassified, picture(['bee', 0.9])])[0]).toMatchObject({ probability: 0.9 });
    expect(rankLabels([unclassified])).toEqual([]);
  });

  it('puts a tie in the order of the alphabet', () => {
    expect(rankLabels([picture(['b', 0.5], ['a', 0.5])]).map(({ label }) => label)).toEqual(['a', 'b']);
  });
});

describe('the picture that is shown first', () => {
  it('is the one in which the model is surest of the verdict', () => {
    const crops = [picture(['fly', 0.99]), picture(['bee', 0.5]), picture(['bee', 0.7])];
    expect(bestPicture(crops, 'bee')).toBe(2);
  });

  it('is the surest of any label where a person gave another name', () => {
    expect(bestPicture([picture(['fly', 0.4]), picture(['bee', 0.5])], 'wasp')).toBe(1);
  });

  it('is one that is still there', () => {
    expect(bestPicture([{ ...picture(['bee', 0.9]), removed: true }, unclassified], 'bee')).toBe(1);
    expect(bestPicture([], 'bee')).toBe(0);
  });
});
