import { describe, expect, it, jest } from '@jest/globals';
import { type DrainError, Drainer, type StepResult } from './drainer.js';

/** Runs a drainer on a clock of its own. @returns when the steps were made, in milliseconds, and what was told */
async function steps(results: readonly (StepResult | Error)[], forMs: number) {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  const startMs = Date.now();
  const at: number[] = [];
  const told: (DrainError['state'] | 'well')[] = [];
  const drainer = new Drainer({
    pauseMs: 1000,
    step: async () => {
      at.push(Date.now() - startMs);
      const result = results[Math.min(at.length, results.length) - 1] as StepResult | Error;
      if (result instanceof Error) throw result;
      return result;
    },
    onTrouble: (trouble) => told.push(trouble?.state ?? 'well'),
  });
  drainer.start();
  for (let now = 0; now < forMs; now += 10) {
    await new Promise((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(10);
  }
  const { trouble } = drainer;
  await drainer.stop();
  jest.useRealTimers();
  return { at, told, trouble };
}

const busy = (retryAfterMs?: number): StepResult => ({
  more: true,
  obstacle: { state: 'busy', message: 'away', retryAfterMs },
});
const denied: StepResult = { more: true, obstacle: { state: 'denied', message: '401' } };
const idle: StepResult = { more: false };

/** Pauses between the steps, to the nearest ten milliseconds. */
const pauses = (at: readonly number[]) =>
  at.slice(1).map((ms, i) => Math.round((ms - (at[i] as number)) / 10) * 10);

describe('the drainer', () => {
  it('rests when nothing waits, and goes on at once while there is more', async () => {
    const { at, told } = await steps([{ more: true }, { more: true }, idle], 2500);
    expect(at[2]).toBeLessThan(50);
    expect(pauses(at.slice(2, 4))).toEqual([1000]);
    expect(told).toEqual([]);
  });

  it('comes back after 50 ms, then ever more rarely, and for ever', async () => {
    const { at, trouble } = await steps([busy()], 130_000);
    expect(pauses(at).slice(0, 5)).toEqual([50, 100, 200, 400, 800]);
    expect(pauses(at).slice(-2)).toEqual([30_000, 30_000]);
    expect(trouble).toMatchObject({ state: 'busy', message: 'away' });
  });

  it('comes back when it is asked to, where that is later', async () => {
    const { at } = await steps([busy(3000), idle], 5000);
    expect(pauses(at)[0]).toBe(3000);
  });

  it('holds where it is not let in, as long as that lasts, and tells it once', async () => {
    const { at, told, trouble } = await steps([denied, denied, denied, { more: true }, idle], 2000);
    expect(at.length).toBeGreaterThan(4);
    expect(told).toEqual(['denied', 'well']);
    expect(trouble).toBeUndefined();
  });

  it('survives a catalog that fails', async () => {
    const { told } = await steps([new Error('the disk is full'), busy(), idle], 2000);
    expect(told).toEqual(['failed', 'busy', 'well']);
  });
});
