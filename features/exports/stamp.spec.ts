import { expect, it } from '@jest/globals';
import { day, isoSeconds, offsetAt } from './cells.js';

const AT = Date.UTC(2026, 4, 3, 11, 41, 7, 999);

it('writes a time to the second, with its zone, and never rounds up', () => {
  expect(isoSeconds(AT)).toBe('2026-05-03T11:41:07Z');
  expect(isoSeconds(AT, 120)).toBe('2026-05-03T13:41:07+02:00');
  expect(isoSeconds(AT, -210)).toBe('2026-05-03T08:11:07-03:30');
  expect(isoSeconds(-1)).toBe('1969-12-31T23:59:59Z');
});

it('keeps the order of two times within a second', () => {
  expect(isoSeconds(AT - 998) <= isoSeconds(AT)).toBe(true);
  expect(isoSeconds(AT) < isoSeconds(AT + 1)).toBe(true);
});

it('knows the offset of a zone in summer and winter, and takes none for UTC', () => {
  expect(offsetAt(AT, 'Europe/Berlin')).toBe(120);
  expect(offsetAt(Date.UTC(2026, 0, 1), 'Europe/Berlin')).toBe(60);
  expect([offsetAt(AT, null), offsetAt(AT, 'Mars/Crater')]).toEqual([0, 0]);
  expect(day(AT)).toBe('2026-05-03');
});
