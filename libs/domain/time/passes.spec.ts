import { describe, expect, it } from '@jest/globals';
import { choosePasses, passWithin } from './passes.js';
import { type DeviceTime, readTime } from './time.js';

const read = (text: string, zone = 'Europe/Berlin') =>
  readTime(text, zone, Date.UTC(2026, 9, 26)) as DeviceTime;
const span = (start: string, end: string, lengthS?: number, zone?: string) => {
  const chosen = choosePasses({ start: read(start, zone), end: read(end, zone) }, lengthS);
  return [chosen.start, chosen.end].map((time) => new Date(time?.utcMs ?? 0).toISOString().slice(11, 19));
};

describe('a night when clocks go back', () => {
  it.each([
    // The end is in the second pass: it would be before its start otherwise.
    ['2026-10-25T02:59:58', '2026-10-25T02:00:06', undefined, '00:59:58', '01:00:06'],
    // The start is: the moth would have stayed for more than an hour otherwise.
    ['2026-10-25T02:59:58', '2026-10-25T03:00:06', undefined, '01:59:58', '02:00:06'],
    // It did stay, and the trap says so.
    ['2026-10-25T02:59:58', '2026-10-25T03:00:06', 3608, '00:59:58', '02:00:06'],
    ['2026-10-25T02:10:00', '2026-10-25T02:10:08', undefined, '00:10:00', '00:10:08'],
    ['2026-10-25T02:10:00', '2026-10-25T02:10:08', 3608, '00:10:00', '01:10:08'],
    ['2026-10-25T01:59:58', '2026-10-25T02:00:06', undefined, '23:59:58', '00:00:06'],
  ] as const)('takes %s to %s (%s s) for %s to %s', (start, end, lengthS, from, to) =>
    expect(span(start, end, lengthS)).toEqual([from, to]),
  );

  it('knows half an hour that comes twice', () => {
    expect(span('2026-04-05T01:59:58', '2026-04-05T01:30:06', undefined, 'Australia/Lord_Howe')).toEqual([
      '14:59:58',
      '15:00:06',
    ]);
  });

  it('leaves the spring alone, and a day that a zone skipped', () => {
    expect(span('2026-03-29T01:59:58', '2026-03-29T03:00:06')).toEqual(['00:59:58', '01:00:06']);
    expect(span('2026-03-29T02:30:00', '2026-03-29T02:30:08')).toEqual(['01:30:00', '01:30:08']);
    expect(span('2011-12-29T23:59:58', '2011-12-31T00:00:06', undefined, 'Pacific/Apia')).toEqual([
      '09:59:58',
      '10:00:06',
    ]);
    expect(read('2026-06-01T12:00:00').secondPass).toBeUndefined();
  });

  it('puts a crop between the start and the end of its run', () => {
    const run = choosePasses(
      { start: read('2026-10-25T02:59:58'), end: read('2026-10-25T02:00:06') },
      undefined,
    );
    const at = (text: string) => new Date(passWithin(read(text), run).utcMs).toISOString().slice(11, 19);
    expect([at('2026-10-25T02:59:59'), at('2026-10-25T02:00:02')]).toEqual(['00:59:59', '01:00:02']);
  });
});
