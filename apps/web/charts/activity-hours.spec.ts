import { describe, expect, it } from '@jest/globals';
import type { ActivityHour } from '../../../libs/api-types/index.js';
import { axisHours, flagged, onceIn, seriesOf } from './activity-hours.js';

const HOUR = 3_600_000;
const BASE: ActivityHour = {
  trapId: 'meadow-1',
  group: 'all',
  start: new Date(0).toISOString(),
  localHour: 0,
  count: 0,
  effortMin: 60,
  state: 'judged',
  days: null,
  expected: 2,
  upper: 5,
  score: 0,
  pValue: 1,
  alarm: false,
};
const hour = (index: number, more: Partial<ActivityHour> = {}): ActivityHour => ({
  ...BASE,
  start: new Date(index * HOUR).toISOString(),
  ...more,
});

describe('the hours of the activity chart', () => {
  it('are all of the period: hours without a row were not recorded, or are not over', () => {
    const hours = axisHours([hour(1, { count: 3 })], 0, 4 * HOUR, 3.5 * HOUR);
    expect(hours.map(({ state }) => state)).toEqual(['missing', 'judged', 'missing', 'future']);
    expect(hours.map(({ count }) => count)).toEqual([0, 3, 0, 0]);
  });

  it('are not missing where anything was recorded or came, however little', () => {
    const some = { state: 'missing', expected: null } as const;
    const hours = axisHours(
      [
        hour(0, { ...some, effortMin: 17, count: 9 }),
        hour(1, { ...some, effortMin: 0 }),
        hour(2, { ...some, effortMin: 0 }),
      ],
      0,
      3 * HOUR,
      2.5 * HOUR,
    );
    expect(hours.map(({ state }) => state)).toEqual(['brief', 'missing', 'future']);
  });

  it('flag the highest of unusual neighbours', () => {
    const counts = [1, 14, 24, 19, 2, 8];
    const hours = axisHours(
      counts.map((count, index) => hour(index, { count, alarm: count > 5 })),
      0,
      6 * HOUR,
      9 * HOUR,
    );
    expect(flagged(hours)).toEqual([2, 5]);
  });
});

describe('the series of today', () => {
  it('are summed by trap and group, unusual ones first', () => {
    const series = seriesOf([
      hour(0, { count: 9, expected: 8 }),
      hour(1, { count: 2, expected: 1.5 }),
      hour(0, { group: 'moths', count: 5, expected: 0.1, alarm: true }),
      hour(0, { trapId: 'new', state: 'learning', days: 7, expected: null, count: 4 }),
      hour(0, { trapId: 'off', state: 'missing', effortMin: 0, expected: null }),
    ]);
    expect(series.map(({ trapId, group, count, expected }) => [trapId, group, count, expected])).toEqual([
      ['meadow-1', 'moths', 5, 0.1],
      ['meadow-1', 'all', 11, 9.5],
      ['new', 'all', 4, null],
      ['off', 'all', 0, null],
    ]);
    expect(series[2]?.learning).toBe(7);
    expect(series[3]?.minutes).toBe(0);
  });
});

it('tells how rare a count is as a round number of hours', () => {
  expect([0.00099, 0.0004, 3e-7, 0].map(onceIn)).toEqual([1000, 2000, 3_000_000, 1_000_000_000]);
});
