import { describe, expect, it } from '@jest/globals';
import { readTime } from '../../../libs/domain/index.js';
import { stamp, timeText } from './timetable.js';

const BERLIN = 'Europe/Berlin';
const AT = Date.UTC(2026, 5, 1, 6, 0, 0, 250);
const RIGHT = { naive: false, bootMs: AT - 60_000 };

describe('the clock of a trap', () => {
  it('writes what the service reads as the same moment, with an offset or without', () => {
    for (const clock of [RIGHT, { ...RIGHT, naive: true }])
      expect(readTime(timeText(clock, AT, BERLIN), BERLIN, AT)).toMatchObject({
        utcMs: AT,
        clockSuspect: false,
      });
  });

  it('leaves out a fraction of 0 where it writes as Python does', () => {
    const naive = { ...RIGHT, naive: true };
    expect(timeText(naive, AT, BERLIN)).toBe('2026-06-01T08:00:00.250000');
    expect(timeText(naive, AT - 250, BERLIN)).toBe('2026-06-01T08:00:00');
  });

  it.each(['since-1970', 'years-ahead'] as const)(
    'shows a time that cannot be where it is wrong: %s',
    (wrong) => {
      const text = timeText({ ...RIGHT, wrong }, AT, BERLIN);
      expect(readTime(text, BERLIN, AT)).toMatchObject({ clockSuspect: true });
    },
  );

  it('begins ids with the local time that it shows', () => {
    expect(stamp(RIGHT, AT, BERLIN)).toBe('20260601T080000');
    expect(stamp({ ...RIGHT, wrong: 'since-1970' }, AT, BERLIN)).toBe('19700101T010100');
  });
});
