/** What was counted on one day up to the same local time. */
export interface DayBefore {
  /** Visits. */
  readonly count: number;
  /** Recorded minutes up to that time. */
  readonly minutes: number;
}

/** What is usual by this time of day, in visits. */
export interface UsualRange {
  /** The 10 % quantile, rounded down. */
  readonly low: number;
  readonly median: number;
  /** The 90 % quantile, rounded up. */
  readonly high: number;
}

/** Of how many days before a day is compared, and how many of them must have been recorded. */
export const USUAL_DAYS = { compared: 21, needed: 12 } as const;

/** As for unusual activity: whoever looked for less saw next to nothing. */
const LEAST_MINUTES = 10;
/** A day that recorded less than this share of today's time is no measure: scaled up, one visit would become many. */
const LEAST_SHARE = 0.25;
const [LOW, MEDIAN, HIGH] = [0.1, 0.5, 0.9];

/**
 * The days that a day can be compared with: those that recorded long enough up to the same time.
 *
 * @param minutes recorded on the day itself so far
 */
export const comparableDays = <D extends DayBefore>(days: readonly D[], minutes: number): D[] =>
  days.filter((day) => day.minutes >= Math.max(LEAST_MINUTES, LEAST_SHARE * minutes));

/**
 * The range in which the visits of eight in ten days lie, each scaled to the same recorded time: counts of the days
 * before, times today's minutes over theirs, and their quantiles as most statistics programs compute them (type 7 of
 * Hyndman and Fan 1996, The American Statistician 50(4):361–365). Effort-adjusted like the hourly method, but by day and
 * without a model: it says what is common, not what is improbable.
 *
 * @param days comparable ones
 * @param minutes recorded on the day itself so far
 * @returns undefined where there are fewer than 12 days
 */
export function usualRange(days: readonly DayBefore[], minutes: number): UsualRange | undefined {
  if (days.length < USUAL_DAYS.needed) return undefined;
  return rangeOf(days.map((day) => (day.count * minutes) / day.minutes));
}

/** The same of figures that do not grow with the recorded time, such as the number of taxa. */
export function usualOf(values: readonly number[]): UsualRange | undefined {
  return values.length < USUAL_DAYS.needed ? undefined : rangeOf(values);
}

function rangeOf(values: readonly number[]): UsualRange {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    low: Math.floor(quantileOf(sorted, LOW) + ROUNDING),
    median: Math.round(quantileOf(sorted, MEDIAN)),
    high: Math.ceil(quantileOf(sorted, HIGH) - ROUNDING),
  };
}

/** So that 27.000000000000004 is 27. */
const ROUNDING = 1e-9;

function quantileOf(sorted: readonly number[], probability: number): number {
  const at = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
