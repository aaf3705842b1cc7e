import { describe, expect, it } from '@jest/globals';
import { episodesOf, isOver, isSame } from './episodes.js';
import { DEFAULT_ACTIVITY_RULE, type HourSeries, judgeHour, type SeriesHour } from './judge-hour.js';

/** Numbers that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let p = random(); p > Math.exp(-mean); p *= random()) count += 1;
  return count;
}

/** A day-active site: visits follow the sun, and the camera records three quarters of every hour. */
const visitsPerH = (hour: number): number => Math.max(0, 6 * Math.sin(((hour % 24) - 6) * (Math.PI / 12)));

function season(days: number, seed = 1, events: Readonly<Record<number, number>> = {}): HourSeries {
  const random = seeded(seed);
  const hours = new Map<number, SeriesHour>();
  for (let hour = 0; hour < days * 24; hour += 1) {
    const effortH = 0.75;
    hours.set(hour, { count: poisson(visitsPerH(hour) * effortH, random) + (events[hour] ?? 0), effortH });
  }
  return hours;
}

describe('judging an hour', () => {
  it('learns until 12 days have data in the window', () => {
    expect(judgeHour(season(12), 11 * 24 + 12)).toEqual({ state: 'learning', days: 11, ofDays: 12 });
    expect(judgeHour(season(13), 12 * 24 + 12).state).toBe('judged');
  });

  it('takes an hour without effort for missing, never for zero', () => {
    const series = new Map(season(30));
    series.set(29 * 24 + 12, { count: 0, effortH: 0.1 });
    expect(judgeHour(series, 29 * 24 + 12)).toEqual({ state: 'missing' });
    const quiet = new Map(
      [...season(30)].map(([hour, row]) => [hour, hour % 48 < 24 ? row : { count: 0, effortH: 0 }]),
    );
    const verdict = judgeHour(quiet, 28 * 24 + 12);
    // Half of the days were not recorded: they make it neither less to be expected nor more.
    expect(verdict).toMatchObject({ state: 'learning', days: 10 });
  });

  it('expects in proportion to effort', () => {
    const series = new Map(season(30));
    const at = 29 * 24 + 12;
    const whole = judgeHour(series, at);
    series.set(at, { count: 0, effortH: 0.25 });
    const third = judgeHour(series, at);
    if (whole.state !== 'judged' || third.state !== 'judged') throw new Error('not judged');
    expect(third.expected / whole.expected).toBeCloseTo(1 / 3, 6);
  });

  it('finds five moths in one night hour of a day-active site', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const night = 29 * 24 + 2;
      expect(judgeHour(season(30, seed, { [night]: 5 }), night)).toMatchObject({
        state: 'judged',
        alarm: true,
      });
    }
  });

  it('raises false alarms in at most 0.6 % of hours', () => {
    let judged = 0;
    let alarms = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const series = season(60, seed * 77);
      for (let hour = 25 * 24; hour < 60 * 24; hour += 1) {
        const verdict = judgeHour(series, hour);
        if (verdict.state !== 'judged') continue;
        judged += 1;
        if (verdict.alarm) alarms += 1;
      }
    }
    expect(judged).toBeGreaterThan(9000);
    expect(alarms / judged).toBeLessThanOrEqual(0.006);
  });

  it('still finds an event after an outbreak in the days before', () => {
    const at = 29 * 24 + 12;
    const events = { [at - 72]: 20, [at - 73]: 15, [at]: 25 };
    expect(judgeHour(season(30, 5, events), at)).toMatchObject({ alarm: true });
  });

  it('never calls less than three visits unusual', () => {
    const night = 29 * 24 + 2;
    expect(judgeHour(season(30, 3, { [night]: 2 }), night)).toMatchObject({ alarm: false });
    expect(DEFAULT_ACTIVITY_RULE.minCount).toBe(3);
  });
});

describe('episodes', () => {
  const alarm = (hour: number) => ({ hour, count: 9, expected: 1, upper: 4, score: 2, pHigh: 1e-6 });

  it('join alarms that are at most six hours apart, in whatever order they come', () => {
    const episodes = episodesOf([alarm(30), alarm(10), alarm(16), alarm(23)]);
    expect(episodes.map(({ firstHour, lastHour }) => [firstHour, lastHour])).toEqual([
      [10, 16],
      [23, 23],
      [30, 30],
    ]);
    expect(episodesOf([alarm(16), alarm(10)])).toEqual(episodesOf([alarm(10), alarm(16)]));
  });

  it('are over when nothing can join them any more', () => {
    expect(isOver({ lastHour: 10 }, 16)).toBe(false);
    expect(isOver({ lastHour: 10 }, 17)).toBe(true);
  });

  it('are the same where late data have shifted their ends', () => {
    expect(isSame({ firstHour: 10, lastHour: 12 }, { firstHour: 8, lastHour: 10 })).toBe(true);
    expect(isSame({ firstHour: 10, lastHour: 12 }, { firstHour: 20, lastHour: 22 })).toBe(false);
  });
});
