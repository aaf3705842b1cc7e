import { describe, expect, it } from '@jest/globals';
import {
  addDays,
  bytes,
  clock,
  date,
  dayOf,
  duration,
  minutes,
  number,
  offset,
  percent,
  seconds,
  startOfDay,
} from './format.js';
import { switchLanguage } from './words.js';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('what people read', () => {
  it.each([
    [0, '0 %'],
    [0.004, '< 1 %'],
    [0.414, '41 %'],
    [1, '100 %'],
  ])('a share of %p is "%s"', (share, text) => {
    expect(plain(percent(share))).toBe(text);
  });

  it.each([
    [0, '0 min'],
    [40, '40 min'],
    [60, '1 h'],
    [1180, '19 h 40 min'],
  ])('%p minutes are "%s"', (value, text) => {
    expect(plain(minutes(value))).toBe(text);
  });

  it.each([
    [1.6, '1.6 s'],
    [33, '33 s'],
    [125, '2 min 5 s'],
    [7260, '2 h 1 min'],
  ])('%p seconds are "%s"', (value, text) => {
    expect(plain(seconds(value))).toBe(text);
  });

  it.each([
    [999, '999 B'],
    [84_000, '84 kB'],
    [1_234_567, '1.2 MB'],
    [212e9, '212 GB'],
  ])('%p bytes are "%s"', (value, text) => {
    expect(plain(bytes(value))).toBe(text);
  });

  it('is how long ago in the largest unit that fits', () => {
    expect(duration(41 * 3_600_000)).toBe('41 hours');
    expect(duration(3 * 86_400_000)).toBe('3 days');
    expect(duration(0)).toBe('1 minute');
  });

  it('follows the language', () => {
    switchLanguage('de');
    expect([number(1284), plain(percent(0.5)), date('2026-07-16T22:30:00Z', 'Europe/Berlin')]).toEqual([
      '1.284',
      '50 %',
      'Freitag, 17. Juli',
    ]);
    switchLanguage('en');
  });
});

describe('times by the clock of a trap', () => {
  it('are those of its zone, whatever the browser has', () => {
    expect(clock('2026-07-16T12:38:00Z', 'Europe/Berlin')).toBe('14:38');
    expect(clock('2026-07-16T22:00:00Z', 'Europe/Berlin')).toBe('00:00');
    expect(dayOf('2026-07-16T22:00:00Z', 'Europe/Berlin')).toBe('2026-07-17');
  });

  it.each([
    ['2026-07-16', 'Europe/Berlin', '2026-07-15T22:00:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['2026-07-16', 'UTC', '2026-07-16T00:00:00.000Z'],
    ['2026-07-16', 'Asia/Kathmandu', '2026-07-15T18:15:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, start) => {
    expect(startOfDay(day, zone)).toBe(start);
  });

  it('go from day to day over the ends of months', () => {
    expect([addDays('2026-02-28', 1), addDays('2026-01-01', -1)]).toEqual(['2026-03-01', '2025-12-31']);
  });

  it('have an offset that people can read', () => {
    expect([offset(120), offset(-210), offset(0)]).toEqual(['UTC+2', 'UTC−3:30', 'UTC']);
  });
});
