import { describe, expect, it } from '@jest/globals';
import { isAsleep, isOnline, isSilent, overdueMs } from './presence.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const spoke = (hoursAgo: number) => NOON - hoursAgo * HOUR;

describe('a trap', () => {
  it('is online while it says so, and not when its last will says otherwise', () => {
    expect(isOnline({ state: 'online', lastMessageAtMs: spoke(0.5) }, NOON)).toBe(true);
    expect(isOnline({ state: 'offline', lastMessageAtMs: spoke(0.1) }, NOON)).toBe(false);
    expect(isOnline({ state: 'sleeping', lastMessageAtMs: spoke(0.1) }, NOON)).toBe(false);
  });

  it('that never speaks of itself is online while anything comes', () => {
    expect(isOnline({ state: null, lastMessageAtMs: spoke(0.9) }, NOON)).toBe(true);
    expect(isOnline({ state: null, lastMessageAtMs: spoke(1.1) }, NOON)).toBe(false);
  });

  it('sleeps as long as it said, and is overdue from then on', () => {
    const said = (sleepsUntilMs: number) =>
      ({ state: 'sleeping', lastMessageAtMs: spoke(48), sleepsUntilMs }) as const;
    expect([isAsleep(said(NOON + HOUR), NOON), overdueMs(said(NOON + HOUR), NOON)]).toEqual([true, 0]);
    expect([isAsleep(said(NOON - 2 * HOUR), NOON), overdueMs(said(NOON - 2 * HOUR), NOON)]).toEqual([
      false,
      2 * HOUR,
    ]);
    expect(isSilent(said(NOON - 0.5 * HOUR), NOON)).toBe(false);
    // An end before its last message, and one years ahead, are a wrong clock.
    expect(overdueMs(said(0), NOON)).toBe(48 * HOUR);
    expect(overdueMs({ ...said(NOON + 9999 * HOUR), lastMessageAtMs: spoke(15 * 24) }, NOON)).toBe(24 * HOUR);
    expect(isAsleep({ state: 'offline', lastMessageAtMs: spoke(1) }, NOON)).toBe(false);
  });

  it('is silent after an hour, and one that sleeps after a day and a little', () => {
    expect(isSilent({ state: 'online', lastMessageAtMs: spoke(1) }, NOON)).toBe(false);
    expect(isSilent({ state: 'online', lastMessageAtMs: spoke(1.01) }, NOON)).toBe(true);
    expect(isSilent({ state: 'sleeping', lastMessageAtMs: spoke(25) }, NOON)).toBe(false);
    expect(isSilent({ state: 'sleeping', lastMessageAtMs: spoke(27) }, NOON)).toBe(true);
  });
});
