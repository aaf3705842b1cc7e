import { describe, expect, it } from '@jest/globals';
import { Permits } from './permits.js';

describe('permits', () => {
  it('let so many work at once, and the others in the order in which they came', async () => {
    const permits = new Permits(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = [0, 1, 2, 3].map((i) =>
      permits.use(
        () =>
          new Promise<void>((resolve) => {
            begun.push(i);
            ends.push(resolve);
          }),
      ),
    );
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await work[1];
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await work[2];
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[3]?.();
    await Promise.all(work);
  });

  it('are free again when the work has failed', async () => {
    const permits = new Permits(1);
    await expect(permits.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await permits.use(() => Promise.resolve('yes'))).toBe('yes');
  });
});
