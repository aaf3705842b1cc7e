import { describe, expect, it } from '@jest/globals';
import { type EffortHour, effortHours, type RecordedSession } from './effort.js';

const DAY = Date.UTC(2026, 5, 1);
const HOUR_0 = DAY / 3_600_000;
const at = (hour: number, minute = 0) => DAY + (hour * 60 + minute) * 60_000;

const session = (
  startMs: number,
  endMs: number | null,
  more: Partial<RecordedSession> = {},
): RecordedSession => ({
  startMs,
  endMs,
  minutes: null,
  offsetMin: 0,
  ...more,
});
const shown = (hours: Iterable<EffortHour>) =>
  [...hours].map(({ hour, minutes }) => [hour - HOUR_0, minutes]);

describe('the effort of a trap', () => {
  it('is cut into the hours of its clock', () => {
    expect(shown(effortHours([session(at(5, 30), at(8, 15))]))).toEqual([
      [5, 30],
      [6, 60],
      [7, 60],
      [8, 15],
    ]);
  });

  it('follows clocks that are half an hour off', () => {
    expect(shown(effortHours([session(at(5), at(6), { offsetMin: 330 })]))).toEqual([
      [10, 30],
      [11, 30],
    ]);
  });

  it('spreads the minutes that the trap says over the time from start to end', () => {
    expect(shown(effortHours([session(at(5), at(7), { minutes: 60 })]))).toEqual([
      [5, 30],
      [6, 30],
    ]);
  });

  it('is what the trap says where it says no end', () => {
    expect(shown(effortHours([session(at(5), null, { minutes: 90 })]))).toEqual([
      [5, 60],
      [6, 30],
    ]);
  });

  it('is never more than there was time', () => {
    expect(shown(effortHours([session(at(5), at(6), { minutes: 600 })]))).toEqual([[5, 60]]);
  });

  it('counts no minute twice where sessions overlap', () => {
    const overlapping = [session(at(5), at(7)), session(at(6), at(6, 30)), session(at(6, 45), at(8))];
    const minutes = [...effortHours(overlapping)].reduce((sum, each) => sum + (each.minutes ?? 0), 0);
    expect(minutes).toBe(180);
  });

  it('is unknown from the start of a session without an end until the next one', () => {
    expect(shown(effortHours([session(at(5), null), session(at(7), at(8))]))).toEqual([
      [5, undefined],
      [6, undefined],
      [7, 60],
    ]);
  });

  it('is unknown for a day at most', () => {
    expect([...effortHours([session(at(5), null)])]).toHaveLength(24);
  });

  it('is cut to the time that was asked for', () => {
    expect(shown(effortHours([session(at(5), at(9))], at(6, 20), at(7, 10)))).toEqual([
      [6, 40],
      [7, 10],
    ]);
  });

  it('takes nothing from a session that ends before it starts, or lasts for years', () => {
    expect([...effortHours([session(at(5), at(4)), session(at(6), at(24 * 400))])]).toEqual([]);
  });
});
