import { describe, expect, it } from '@jest/globals';
import { px, spans, ticks } from './scale.js';

describe('the scale of a chart', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [9, [0, 5, 10]],
    [24, [0, 10, 20, 30]],
    [605, [0, 200, 400, 600, 800]],
    [123_456, [0, 50_000, 100_000, 150_000]],
  ])('has round steps up to %d and above it', (most, expected) => {
    expect(ticks(most)).toEqual(expected);
  });

  it('joins neighbours', () => {
    const missing = [true, true, false, true];
    expect(spans(4, (index) => missing[index] as boolean)).toEqual([
      [0, 2],
      [3, 4],
    ]);
    expect(spans(3, () => false)).toEqual([]);
  });

  it('writes a tenth of a pixel', () => {
    expect([px(1 / 3), px(2), px(-0.04)]).toEqual(['0.3', '2', '0']);
  });
});
