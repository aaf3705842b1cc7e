import { describe, expect, it } from '@jest/globals';
import { bestPicture } from './best-picture.js';

const picture = (...ranked: [string, number][]) => ({
  removed: false,
  classification: {
    ranked: ranked.map(([label, probability]) => ({ label, probability })),
    classifiedAt: '2026-06-01T08:00:00.000Z',
  },
});
const unclassified = { removed: false, classification: null };

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
