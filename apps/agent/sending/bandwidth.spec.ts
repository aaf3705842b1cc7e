import { describe, expect, it } from '@jest/globals';
import { Bandwidth } from './bandwidth.js';

describe('Bandwidth', () => {
  it('lets so many bytes go in a second, in order, and none at once after a pause', async () => {
    let nowMs = 0;
    const waits: number[] = [];
    const bandwidth = new Bandwidth(
      1000,
      () => nowMs,
      async (ms) => {
        waits.push(ms);
      },
    );
    await bandwidth.take(500);
    await bandwidth.take(250);
    await bandwidth.take(250);
    nowMs = 60_000;
    await bandwidth.take(1000);
    await bandwidth.take(1);
    expect(waits).toEqual([500, 750, 1000]);
  });

  it('lets nobody wait who is to end', async () => {
    const stop = new AbortController();
    const bandwidth = new Bandwidth(1);
    await bandwidth.take(3600, stop.signal);
    const waiting = bandwidth.take(1, stop.signal);
    stop.abort();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('never waits without a limit', async () => {
    const bandwidth = new Bandwidth(
      undefined,
      () => 0,
      () => Promise.reject(new Error('it waits')),
    );
    await bandwidth.take(1e9);
    await expect(bandwidth.take(1e9)).resolves.toBeUndefined();
  });
});
