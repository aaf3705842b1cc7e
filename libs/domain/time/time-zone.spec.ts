import { describe, expect, it } from '@jest/globals';
import { canonicalZone, isTimeZone, offsetMinAt } from './time-zone.js';

describe('time zones', () => {
  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT-2', 'CET'])(
    'knows %s',
    (zone) => {
      expect(isTimeZone(zone)).toBe(true);
    },
  );

  it.each(['', 'Mars/Olympus', '+02:00', '02:00', 'Europe/Berlin ', 'x'.repeat(100), undefined, 2])(
    'does not know %j',
    (zone) => {
      expect(isTimeZone(zone)).toBe(false);
    },
  );

  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    [' europe/berlin ', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['Zulu', 'UTC'],
    ['GMT', 'UTC'],
    ['GMT+0', 'UTC'],
    ['Z', 'UTC'],
    ['US/Pacific', 'America/Los_Angeles'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
    ['australia/lhi', 'Australia/Lord_Howe'],
    ['+02:00', 'Etc/GMT-2'],
    ['GMT+2', 'Etc/GMT-2'],
    ['UTC-03', 'Etc/GMT+3'],
    ['-0300', 'Etc/GMT+3'],
    ['etc/gmt-2', 'Etc/GMT-2'],
  ])('writes %s as %s', (said, written) => {
    expect(canonicalZone(said)).toBe(written);
    expect(canonicalZone(written)).toBe(written);
    // It is the same zone.
    const read = Number(/^(?:GMT|UTC)?([+-]\d\d?)/.exec(said)?.[1]);
    if (read) expect(offsetMinAt(0, written)).toBe(read * 60);
  });

  it.each(['+05:30', 'GMT+15', '-13:00', 'Mars/Olympus', '', 'browser', '02:00'])('knows no %j', (said) => {
    expect(canonicalZone(said)).toBeUndefined();
  });

  it('tells the offset at an instant', () => {
    expect(offsetMinAt(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(120);
    expect(offsetMinAt(Date.UTC(2026, 0, 1), 'Europe/Berlin')).toBe(60);
    expect(offsetMinAt(Date.UTC(2026, 0, 1), 'UTC')).toBe(0);
    expect(offsetMinAt(Date.UTC(2026, 0, 1), 'America/St_Johns')).toBe(-210);
    expect(offsetMinAt(Date.UTC(1880, 0, 1), 'Europe/Berlin')).toBe(53);
  });
});
