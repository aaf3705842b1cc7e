import { describe, expect, it } from '@jest/globals';
import { plural } from './plural.js';

describe('a number with its noun', () => {
  it('is singular for one only', () => {
    expect([0, 1, 2].map((n) => plural(n, 'run'))).toEqual(['0 runs', '1 run', '2 runs']);
    expect([1, 2].map((n) => plural(n, 'crop waits', 'crops wait'))).toEqual([
      '1 crop waits',
      '2 crops wait',
    ]);
  });
});
