import { describe, expect, it } from '@jest/globals';
import { receiptOf } from './receipt.js';

const manifest = ['c1', 'c2', 'c3'];
const poison = { crop: 'c2', code: 'not-an-image' };

describe('receiptOf', () => {
  it('is complete when every crop of the manifest is stored', () => {
    expect(receiptOf({ manifest, announced: 3, stored: ['c3', 'c1', 'c2'], rejected: [] })).toEqual({
      state: 'complete',
      have: 3,
      missing: [],
      rejected: [],
    });
  });

  it('names the missing crops in the order of the manifest', () => {
    expect(receiptOf({ manifest, announced: 3, stored: ['c2'], rejected: [] })).toMatchObject({
      state: 'incomplete',
      have: 1,
      missing: ['c1', 'c3'],
    });
  });

  it('does not ask again for a crop that was refused for good', () => {
    expect(receiptOf({ manifest, announced: 3, stored: ['c1', 'c3'], rejected: [poison, poison] })).toEqual({
      state: 'complete',
      have: 2,
      missing: [],
      rejected: [poison],
    });
  });

  it('no longer lists a refused crop that was sent well later', () => {
    expect(receiptOf({ manifest, announced: 3, stored: manifest, rejected: [poison] }).rejected).toEqual([]);
  });

  it('tells of a conflict although the crop is stored', () => {
    const conflict = { crop: 'c2', code: 'crop-conflict' };
    const receipt = receiptOf({ manifest, announced: 3, stored: manifest, rejected: [conflict] });
    expect(receipt).toMatchObject({ state: 'complete', have: 3, rejected: [conflict] });
  });

  it('goes by the number announced where there is no manifest', () => {
    expect(receiptOf({ announced: 2, stored: ['x'], rejected: [] })).toMatchObject({
      state: 'incomplete',
      missing: [],
    });
    expect(receiptOf({ announced: 2, stored: ['x', 'y'], rejected: [] }).state).toBe('complete');
    expect(receiptOf({ announced: 2, stored: ['x'], rejected: [poison] }).state).toBe('complete');
    expect(receiptOf({ announced: 0, stored: [], rejected: [] }).state).toBe('complete');
  });

  it('stays incomplete when the manifest is shorter than the number announced', () => {
    expect(receiptOf({ manifest, announced: 5, stored: manifest, rejected: [] }).state).toBe('incomplete');
  });

  it('counts a crop that the manifest names twice once', () => {
    const twice = ['c1', 'c1'];
    expect(receiptOf({ manifest: twice, announced: 1, stored: [], rejected: [] }).missing).toEqual(['c1']);
    expect(receiptOf({ manifest: twice, announced: 1, stored: ['c1'], rejected: [] }).state).toBe('complete');
  });
});
