import { describe, expect, it } from '@jest/globals';
import { offsetChanges } from './offset-changes.js';
import { offsetMinAt } from './time-zone.js';

const YEAR_2000 = Date.UTC(2000, 0, 1);
const YEAR_2030 = Date.UTC(2030, 0, 1);

describe('the changes of a zone', () => {
  it('are those nights in which its clocks change', () => {
    const changes = offsetChanges('Europe/Zurich', Date.UTC(2026, 0, 1), Date.UTC(2026, 11, 31));
    expect(changes.map(({ fromMs, offsetMin }) => [new Date(fromMs).toISOString(), offsetMin])).toEqual([
      ['2026-01-01T00:00:00.000Z', 60],
      ['2026-03-29T01:00:00.000Z', 120],
      ['2026-10-25T01:00:00.000Z', 60],
    ]);
  });

  it.each([
    'UTC',
    'Europe/Berlin',
    'Africa/Casablanca',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Pacific/Apia',
  ])('give the offset of %s at any time', (zone) => {
    const changes = offsetChanges(zone, YEAR_2000, YEAR_2030);
    for (let atMs = YEAR_2000; atMs < YEAR_2030; atMs += 86_400_000 * 3.37) {
      const found = changes.findLast(({ fromMs }) => fromMs <= atMs)?.offsetMin;
      expect([zone, atMs, found]).toEqual([zone, atMs, offsetMinAt(atMs, zone)]);
    }
    for (const { fromMs, offsetMin } of changes.slice(1)) {
      expect(offsetMinAt(fromMs, zone)).toBe(offsetMin);
      expect(offsetMinAt(fromMs - 60_000, zone)).not.toBe(offsetMin);
    }
  });
});
