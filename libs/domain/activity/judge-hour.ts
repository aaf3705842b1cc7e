import { type BaselineHour, expectationOf } from './expectation.js';
import { lowerTail, quantile, upperTail } from './tails.js';

/** What was counted in one hour of a trap's local civil time, and for how long was looked. */
export interface SeriesHour {
  /** Visits. */
  readonly count: number;
  /** Recorded hours, 0 to 1. An hour without any is missing, which is not the same as a count of 0. */
  readonly effortH: number;
}

/** The hours of one series by their number: whole hours since 1970-01-01T00 on the trap's own clock. */
export type HourSeries = ReadonlyMap<number, SeriesHour>;

export interface ActivityRule {
  /** Of how many days before the hour is compared. */
  readonly days: number;
  /** Hours before and after the same time of day that count as like it. */
  readonly windowH: number;
  /** Hours with less effort than this are neither compared with nor judged. */
  readonly minEffortH: number;
  /** Days with data that are needed before anything is judged. */
  readonly readyDays: number;
  /** How improbable a count must be to be unusual. */
  readonly alpha: number;
  /** Fewer visits than this are never unusual. */
  readonly minCount: number;
}

export const DEFAULT_ACTIVITY_RULE: ActivityRule = {
  days: 21,
  windowH: 1,
  minEffortH: 10 / 60,
  readyDays: 12,
  alpha: 0.001,
  minCount: 3,
};

type HourVerdict =
  /** Nobody looked, or hardly. */
  | { readonly state: 'missing' }
  | { readonly state: 'learning'; readonly days: number; readonly ofDays: number }
  | {
      readonly state: 'judged';
      readonly count: number;
      /** Visits to be expected with this effort. */
      readonly expected: number;
      /** Up to here a count is not unusual: the (1 − α) quantile. */
      readonly upper: number;
      /** How far above the expectation: 1 at the upper bound. */
      readonly score: number;
      /** P(this many or more) */
      readonly pHigh: number;
      /** P(this few or fewer) */
      readonly pLow: number;
      readonly alarm: boolean;
    };

const DAY_H = 24;

/**
 * Holds one hour against the same time of day in the days before it, adjusted for effort. Nothing of the hour's own
 * window is compared with, so that an event does not hide itself.
 *
 * Sources: see `expectationOf`; the score and the bound as in Salmon, Schumacher, Höhle 2016, J. Stat. Softw. 70(10).
 */
export function judgeHour(
  series: HourSeries,
  hour: number,
  rule: ActivityRule = DEFAULT_ACTIVITY_RULE,
): HourVerdict {
  const own = series.get(hour);
  if (!own || own.effortH < rule.minEffortH) return { state: 'missing' };
  const { baseline, days } = baselineOf(series, hour, rule);
  if (days < rule.readyDays) return { state: 'learning', days, ofDays: rule.readyDays };
  const expectation = expectationOf(baseline, own.effortH);
  const upper = quantile(expectation, 1 - rule.alpha);
  const pHigh = upperTail(expectation, own.count);
  return {
    state: 'judged',
    count: own.count,
    expected: expectation.mean,
    upper,
    score: scoreOf(own.count, expectation.mean, upper),
    pHigh,
    pLow: lowerTail(expectation, own.count),
    alarm: pHigh < rule.alpha && own.count >= rule.minCount,
  };
}

function baselineOf(series: HourSeries, hour: number, rule: ActivityRule) {
  const baseline: BaselineHour[] = [];
  let days = 0;
  for (let day = 1; day <= rule.days; day += 1) {
    const before = baseline.length;
    for (let shift = -rule.windowH; shift <= rule.windowH; shift += 1) {
      const past = series.get(hour - DAY_H * day + shift);
      if (past && past.effortH >= rule.minEffortH) baseline.push(past);
    }
    if (baseline.length > before) days += 1;
  }
  return { baseline, days };
}

/** Where nothing at all is expected, one visit counts as the width of the band: a score must not be infinite. */
const scoreOf = (count: number, expected: number, upper: number): number =>
  (count - expected) / (upper > expected ? upper - expected : 1);
