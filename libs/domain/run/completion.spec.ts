import { describe, expect, it } from '@jest/globals';
import { completionOf } from './completion.js';

const MIN = 60_000;
const T0 = Date.UTC(2026, 5, 1, 8);

describe('completionOf', () => {
  it('completes a run when its end has come and all announced crops are stored', () => {
    const run = { announcedCrops: 3, endReceivedAtMs: T0, storedCrops: 3, lastReceivedAtMs: T0 };
    expect(completionOf(run, T0)).toEqual({ complete: true, because: 'all-crops' });
    expect(completionOf({ ...run, storedCrops: 4 }, T0)).toEqual({ complete: true, because: 'all-crops' });
  });

  it('completes a run of no crops with its end', () => {
    const run = { announcedCrops: 0, endReceivedAtMs: T0, storedCrops: 0, lastReceivedAtMs: T0 };
    expect(completionOf(run, T0)).toEqual({ complete: true, because: 'all-crops' });
  });

  it('waits for the end even if as many crops as the metadata announced are stored', () => {
    const run = { announcedCrops: 3, storedCrops: 3, lastReceivedAtMs: T0 };
    expect(completionOf(run, T0)).toEqual({ complete: false, decideAtMs: T0 + 60 * MIN });
  });

  it('completes a run when nothing new has come for 15 minutes after its end', () => {
    const run = { announcedCrops: 3, endReceivedAtMs: T0, storedCrops: 2, lastReceivedAtMs: T0 };
    expect(completionOf(run, T0 + 15 * MIN - 1)).toEqual({ complete: false, decideAtMs: T0 + 15 * MIN });
    expect(completionOf(run, T0 + 15 * MIN)).toEqual({ complete: true, because: 'silent-after-end' });
  });

  it('counts the 15 minutes from the last crop if that came after the end', () => {
    const run = { announcedCrops: 3, endReceivedAtMs: T0, storedCrops: 2, lastReceivedAtMs: T0 + 10 * MIN };
    expect(completionOf(run, T0 + 24 * MIN)).toEqual({ complete: false, decideAtMs: T0 + 25 * MIN });
    expect(completionOf(run, T0 + 25 * MIN)).toEqual({ complete: true, because: 'silent-after-end' });
  });

  it('counts the 15 minutes from the end if the last crop came before it', () => {
    const run = { announcedCrops: 3, endReceivedAtMs: T0, storedCrops: 2, lastReceivedAtMs: T0 - 30 * MIN };
    expect(completionOf(run, T0)).toEqual({ complete: false, decideAtMs: T0 + 15 * MIN });
  });

  it('completes a run without end when the trap has been silent for an hour', () => {
    const run = { storedCrops: 2, lastReceivedAtMs: T0 };
    expect(completionOf(run, T0 + 60 * MIN - 1)).toEqual({ complete: false, decideAtMs: T0 + 60 * MIN });
    expect(completionOf(run, T0 + 60 * MIN)).toEqual({ complete: true, because: 'silent' });
  });

  it('follows other settings, whichever silence is the shorter', () => {
    const run = { announcedCrops: 9, endReceivedAtMs: T0, storedCrops: 2, lastReceivedAtMs: T0 };
    const rule = { silenceAfterEndMs: 10 * MIN, silenceMs: 2 * MIN };
    expect(completionOf(run, T0, rule)).toEqual({ complete: false, decideAtMs: T0 + 2 * MIN });
    expect(completionOf(run, T0 + 2 * MIN, rule)).toEqual({ complete: true, because: 'silent' });
  });
});
