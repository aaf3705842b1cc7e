import { describe, expect, it } from '@jest/globals';
import { type Heard, shiftByNeighbours, shiftIntoWindow } from './clock-shift.js';

const MINUTE_MS = 60_000;
const BOOT_MS = Date.UTC(2026, 5, 1, 8);
/** A clock that began in 1970 when the trap did. */
const heard = (minute: number, receivedMinute = minute): Heard => ({
  saidMs: minute * MINUTE_MS,
  receivedAtMs: BOOT_MS + receivedMinute * MINUTE_MS + 500,
});

describe('the shift of a wrong clock', () => {
  it('is the lag of messages that came at once', () => {
    expect(shiftByNeighbours([heard(1), heard(5), heard(14)])).toBe(BOOT_MS + 500);
    expect(shiftByNeighbours([heard(1, 40), heard(20), heard(31)])).toBe(BOOT_MS + 500);
  });

  it('is unknown where all came in one go, or one alone, or two of the same moment', () => {
    expect(shiftByNeighbours([heard(1, 90), heard(12, 90), heard(25, 90.5), heard(39, 91)])).toBeUndefined();
    expect(shiftByNeighbours([heard(3)])).toBeUndefined();
    expect(shiftByNeighbours([heard(3), heard(4)])).toBeUndefined();
    expect(shiftByNeighbours([])).toBeUndefined();
  });

  it('may rest on two other messages of the trap, and not on one', () => {
    expect(shiftByNeighbours([heard(3)], [heard(15), heard(30)])).toBe(BOOT_MS + 500);
    expect(shiftByNeighbours([heard(3)], [heard(15)])).toBeUndefined();
    expect(shiftByNeighbours([heard(3)], [heard(15), heard(30, 55)])).toBeUndefined();
  });

  it('follows from a window that fits closely', () => {
    const window = { fromMs: BOOT_MS, toMs: BOOT_MS + 40 * MINUTE_MS };
    expect(shiftIntoWindow([heard(2, 999), heard(32, 999)], window)).toBe(BOOT_MS + 3 * MINUTE_MS);
    expect(shiftIntoWindow([heard(2, 10)], { fromMs: BOOT_MS, toMs: undefined })).toBeDefined();
    expect(
      shiftIntoWindow([heard(2, 999)], { fromMs: BOOT_MS, toMs: BOOT_MS + 90 * MINUTE_MS }),
    ).toBeUndefined();
    expect(shiftIntoWindow([heard(0, 999), heard(50, 999)], window)).toBeUndefined();
  });
});
