import { describe, expect, it } from '@jest/globals';
import { backoffMs, isWorthLogging, retry } from './retry.js';

const SOON = { firstMs: 1, lastMs: 4 };

describe('backoffMs', () => {
  it('doubles up to a limit', () => {
    const limits = { firstMs: 1000, lastMs: 300_000 };
    expect([1, 2, 3, 9, 10, 999].map((failures) => backoffMs(failures, limits))).toEqual([
      1000, 2000, 4000, 256_000, 300_000, 300_000,
    ]);
  });

  it('is random between half and all of it where many would come back together', () => {
    const limits = { firstMs: 1000, lastMs: 300_000, jitter: true };
    expect([0, 0.5].map((chance) => backoffMs(3, limits, chance))).toEqual([2000, 3000]);
  });
});

it('logs ever more rarely', () => {
  const logged = Array.from({ length: 20 }, (_, i) => i + 1).filter(isWorthLogging);
  expect(logged).toEqual([1, 2, 4, 8, 16]);
});

describe('retry', () => {
  const failing = (times: number) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw new Error(`failure ${calls}`);
      return calls;
    };
  };

  it('returns the result of the first attempt that succeeds', async () => {
    const failures: unknown[] = [];
    const onFailure = (error: unknown, count: number, pauseMs: number) =>
      failures.push([String(error), count, pauseMs]);
    expect(await retry(failing(3), { backoff: SOON, onFailure })).toBe(4);
    expect(failures).toEqual([
      ['Error: failure 1', 1, 1],
      ['Error: failure 2', 2, 2],
      ['Error: failure 3', 3, 4],
    ]);
  });

  it('throws at once what cannot pass, and the last error when there are no attempts left', async () => {
    await expect(retry(failing(9), { backoff: SOON, mayPass: () => false })).rejects.toThrow('failure 1');
    await expect(retry(failing(9), { backoff: SOON, attempts: 3 })).rejects.toThrow('failure 3');
  });

  it('ends when it is aborted, also during a pause', async () => {
    const abort = new AbortController();
    const onFailure = () => abort.abort();
    const backoff = { firstMs: 60_000, lastMs: 60_000 };
    await expect(retry(failing(9), { backoff, onFailure, signal: abort.signal })).rejects.toThrow(
      'failure 1',
    );
  });
});
