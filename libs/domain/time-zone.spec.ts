import { describe, expect, it } from '@jest/globals';
import { isTimeZone, offsetMinAt } from './time-zone.js';

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

  it('tells the offset at an instant', () => {
    expect(offsetMinAt(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(120);
    expect(offsetMinAt(Date.UTC(2026, 0, 1), 'Europe/Berlin')).toBe(60);
    expect(offsetMinAt(Date.UTC(2026, 0, 1), 'UTC')).toBe(0);
    expect(offsetMinAt(Date.UTC(2026, 0, 1), 'America/St_Johns')).toBe(-210);
    expect(offsetMinAt(Date.UTC(1880, 0, 1), 'Europe/Berlin')).toBe(53);
  });
});
