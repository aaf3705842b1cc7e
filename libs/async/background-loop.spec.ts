import { describe, expect, it } from '@jest/globals';
import { BackgroundLoop } from './background-loop.js';

const never = () => {
  throw new Error('no failure was expected');
};

describe('a background loop', () => {
  it('goes on at once while there is more to do', async () => {
    let left = 5;
    const done = new Promise<void>((resolve) => {
      const loop = new BackgroundLoop(
        async () => {
          left -= 1;
          if (left === 0) resolve();
          return left > 0;
        },
        { pauseMs: 60_000, onError: never },
      );
      loop.start();
      void new Promise<void>((r) => setTimeout(r, 50)).then(() => loop.stop());
    });
    await done;
    expect(left).toBe(0);
  });

  it('is woken out of its pause', async () => {
    let steps = 0;
    let second!: () => void;
    const secondStep = new Promise<void>((resolve) => {
      second = resolve;
    });
    const loop = new BackgroundLoop(
      async () => {
        steps += 1;
        if (steps === 2) second();
        return false;
      },
      { pauseMs: 60_000, onError: never },
    );
    loop.start();
    await new Promise((resolve) => setTimeout(resolve, 5));
    loop.wake();
    await secondStep;
    await loop.stop();
    expect(steps).toBe(2);
  });

  it('tries again after a failure', async () => {
    const failures: number[] = [];
    let resolved!: () => void;
    const success = new Promise<void>((resolve) => {
      resolved = resolve;
    });
    const loop = new BackgroundLoop(
      async () => {
        if (failures.length < 1) throw new Error('the disk is full');
        resolved();
        return false;
      },
      { pauseMs: 60_000, onError: (_error, count) => failures.push(count) },
    );
    loop.start();
    await success;
    await loop.stop();
    expect(failures).toEqual([1]);
  });

  it('stops without waiting for its pause to end', async () => {
    const loop = new BackgroundLoop(async () => false, { pauseMs: 3_600_000, onError: never });
    loop.start();
    await loop.stop();
    expect(true).toBe(true);
  });
});
