import { describe, expect, it } from '@jest/globals';
import { fromHalf, toHalf } from './tensor.js';

describe('half precision', () => {
  it('comes back the same from every one of its 65,536 values', () => {
    for (let bits = 0; bits < 65_536; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [1e6, 0x7c00],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 ** -25, 0],
  ])('rounds %p to the nearest, halves to even', (value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });
});
