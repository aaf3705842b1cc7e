import { describe, expect, it } from '@jest/globals';
import { isTimeText, readTime, withMicros } from './time.js';

const RECEIVED_AT_MS = Date.UTC(2026, 5, 1, 12);
const berlin = (text: string, receivedAtMs = RECEIVED_AT_MS) => readTime(text, 'Europe/Berlin', receivedAtMs);
const utc = (text: string): string | undefined => {
  const time = berlin(text);
  return time && new Date(time.utcMs).toISOString();
};

describe('readTime', () => {
  it('reads a time with its own zone', () => {
    expect(berlin('2026-06-01T08:00:00+05:30')).toEqual({
      utcMs: Date.UTC(2026, 5, 1, 2, 30),
      offsetMin: 330,
      naive: false,
      clockSuspect: false,
      sent: '2026-06-01T08:00:00+05:30',
    });
    expect(berlin('2026-06-01T08:00:00Z')).toMatchObject({ offsetMin: 0, naive: false });
  });

  it('reads a naive time in the zone of the deployment', () => {
    expect(berlin('2026-06-01T08:00:00')).toMatchObject({
      utcMs: Date.UTC(2026, 5, 1, 6),
      offsetMin: 120,
      naive: true,
    });
    expect(readTime('2026-06-01T08:00:00', 'America/St_Johns', RECEIVED_AT_MS)?.offsetMin).toBe(-150);
  });

  it.each([
    ['2026-06-01 08:00:00', '2026-06-01T06:00:00.000Z'],
    ['2026-06-01T08:00', '2026-06-01T06:00:00.000Z'],
    ['2026-06-01T08:00:01.', '2026-06-01T06:00:01.000Z'],
    ['2026-06-01T08:00:01.5', '2026-06-01T06:00:01.500Z'],
    ['2026-06-01T08:00:01,25', '2026-06-01T06:00:01.250Z'],
    ['2026-06-01T14:28:08.008893', '2026-06-01T12:28:08.008Z'],
    ['2026-06-01T08:00:01.999999999', '2026-06-01T06:00:01.999Z'],
    ['20260601T080000Z', '2026-06-01T08:00:00.000Z'],
    ['2026-06-01t08:00:00z', '2026-06-01T08:00:00.000Z'],
    ['2026-06-01T08:00:00-0330', '2026-06-01T11:30:00.000Z'],
    ['2026-06-01T08:00:00+02', '2026-06-01T06:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  it('reads the two notations of insect-detect', () => {
    expect(utc('20260601_08-00-03.250000')).toBe('2026-06-01T06:00:03.250Z');
    expect(utc('2026-06-01_14-28-08-008893')).toBe('2026-06-01T12:28:08.008Z');
    expect(utc('2026-06-01_14-28-08')).toBe('2026-06-01T12:28:08.000Z');
  });

  it('takes a skipped hour for that of a clock not put forward yet', () => {
    expect(utc('2026-03-29T01:59:59')).toBe('2026-03-29T00:59:59.000Z');
    expect(berlin('2026-03-29T02:30:00')).toMatchObject({
      utcMs: Date.UTC(2026, 2, 29, 1, 30),
      offsetMin: 60,
    });
    expect(utc('2026-03-29T03:00:00')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('takes an hour that comes twice for its first pass', () => {
    expect(utc('2026-10-25T01:59:59')).toBe('2026-10-24T23:59:59.000Z');
    expect(berlin('2026-10-25T02:30:00')).toMatchObject({
      utcMs: Date.UTC(2026, 9, 25, 0, 30),
      offsetMin: 120,
    });
    expect(utc('2026-10-25T03:00:00')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('reads the changes of other hemispheres and half hours', () => {
    const at = (text: string, zone: string) => readTime(text, zone, RECEIVED_AT_MS)?.offsetMin;
    expect(at('2026-10-04T01:59:00', 'Australia/Lord_Howe')).toBe(630);
    expect(at('2026-10-04T02:31:00', 'Australia/Lord_Howe')).toBe(660);
    expect(at('2026-01-15T12:00:00', 'Pacific/Auckland')).toBe(780);
  });

  it('agrees with the system clock for every hour of a year', () => {
    for (let utcMs = Date.UTC(2026, 0, 1); utcMs < Date.UTC(2027, 0, 1); utcMs += 3_600_000) {
      const offsetMin = utcMs >= Date.UTC(2026, 2, 29, 1) && utcMs < Date.UTC(2026, 9, 25, 1) ? 120 : 60;
      const wall = new Date(utcMs + offsetMin * 60_000).toISOString().slice(0, 19);
      // The second pass of the hour that comes twice is the one reading that differs, on purpose.
      const expected = utcMs === Date.UTC(2026, 9, 25, 1) ? utcMs - 3_600_000 : utcMs;
      expect(berlin(wall)?.utcMs).toBe(expected);
    }
  });

  it('flags a clock more than a day ahead and keeps its time', () => {
    const at = (text: string) => berlin(text)?.clockSuspect;
    expect(at('2026-06-02T12:00:00Z')).toBe(false);
    expect(at('2026-06-02T12:00:00.001Z')).toBe(true);
    expect(berlin('2063-04-05T00:00:00Z')).toMatchObject({ utcMs: Date.UTC(2063, 3, 5), clockSuspect: true });
  });

  it('flags a clock before 2000', () => {
    expect(berlin('1999-12-31T23:59:59.999Z')?.clockSuspect).toBe(true);
    expect(berlin('2000-01-01T00:00:00Z')?.clockSuspect).toBe(false);
    expect(berlin('1970-01-01T00:00:00')?.clockSuspect).toBe(true);
    expect(utc('0026-01-01T00:00:00Z')).toBe('0026-01-01T00:00:00.000Z');
  });

  it('does not flag a time that comes late', () => {
    expect(berlin('2025-06-01T08:00:00Z')?.clockSuspect).toBe(false);
  });

  it.each([
    '',
    'NA',
    'yesterday',
    '2026-06-01',
    '08:00:00',
    '2026-13-01T00:00:00',
    '2026-02-29T00:00:00',
    '2026-06-31T00:00:00',
    '2026-06-00T00:00:00',
    '2026-06-01T24:00:00',
    '2026-06-01T08:60:00',
    '2026-06-01T08:00:00.1234567890',
    '2026-06-01T08:00:00+25:00',
    '2026-06-01T08:00:00Z ',
    '1780300800',
    '2026-06-01T08:00:00\0',
    '2026-0601T08:00:00',
  ])('says that %j is no time', (text) => {
    expect(berlin(text)).toBeUndefined();
    expect(isTimeText(text)).toBe(false);
  });

  it('throws for a zone that does not exist', () => {
    expect(() => readTime('2026-06-01T08:00:00', 'Mars/Olympus', 0)).toThrow(RangeError);
  });

  it('is quick enough to run on each message', () => {
    const startedAtMs = performance.now();
    for (let at = 0; at < 2_000; at++) berlin(`2026-06-01T08:00:00.${String(at).padStart(4, '0')}`);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});

describe('withMicros', () => {
  it.each([
    ['2026-05-03 13:05:10.123456', 0.456],
    ['2026-05-03T13:05:10.1234567+02:00', 0.456],
    ['2026-05-03T13:05:10,1235Z', 0.5],
    ['20260503_13-05-10.123001', 0.001],
    ['2026-05-03T13:05:10.123', 0],
    ['2026-05-03T13:05:10', 0],
    ['soon', 0],
    [undefined, 0],
  ])('adds what stands below the millisecond in %s', (sent, more) => {
    const atMs = Date.UTC(2026, 4, 3, 13, 5, 10, 123);
    expect(withMicros(atMs, sent)).toBe(atMs + more);
  });

  it('leaves a time as it is where a number has no room for microseconds', () => {
    const atMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    expect(withMicros(atMs, '9999-12-31T23:59:59.999999Z')).toBe(atMs);
  });
});
