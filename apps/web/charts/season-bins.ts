import { addDays } from '../texts/format.js';

export interface DayCount {
  readonly day: string;
  readonly visits: number;
  /** Null: not known */
  readonly minutes: number | null;
}
export interface Bin {
  /** Its first day within the period */
  readonly start: string;
  readonly visits: number;
  /** Null where it was not recorded, or where nobody knows */
  readonly minutes: number | null;
}
export type Step = 'day' | 'week';

/** The Monday of the week that holds a day. */
export const mondayOf = (day: string): string =>
  addDays(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));

/** Every day, or week from Monday on, of a period: also those without a visit. The first and last week may be cut. */
export function bins(days: readonly DayCount[], from: string, to: string, step: Step): Bin[] {
  const found = new Map<string, { start: string; visits: number; minutes: number | null }>();
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const key = step === 'day' ? day : mondayOf(day);
    if (!found.has(key)) found.set(key, { start: day, visits: 0, minutes: null });
  }
  for (const { day, visits, minutes } of days) {
    const bin = found.get(step === 'day' ? day : mondayOf(day));
    if (!bin || day < from || day > to) continue;
    bin.visits += visits;
    if (minutes) bin.minutes = (bin.minutes ?? 0) + minutes;
  }
  return [...found.values()];
}

export interface RateRow {
  readonly visits: number;
  readonly minutes: number;
}

/**
 * How much more days differ from each other than chance alone makes them: 1 for none. Visits of a day are held against
 * the rate of the week around it, so that the season itself does not count.
 */
export function dispersion(days: readonly DayCount[]): number {
  const known = days.flatMap(({ visits, minutes }) => (minutes ? [{ visits, minutes }] : []));
  if (known.length < 10) return 1;
  let sum = 0;
  known.forEach(({ visits, minutes }, index) => {
    const around = known.slice(Math.max(0, index - 3), index + 4);
    const total = around.reduce((all, each) => all + each.visits, 0);
    const recorded = around.reduce((all, each) => all + each.minutes, 0);
    const expected = (total / recorded) * minutes;
    if (expected > 0) sum += (visits - expected) ** 2 / expected;
  });
  // Each week around a day takes about one degree of freedom from seven.
  return Math.max(1, sum / (known.length * (6 / 7)));
}

/** Of 95 % of a normal distribution */
const Z = 1.96;

export const ratePerHour = ({ visits, minutes }: RateRow): number => (visits / minutes) * 60;

/** Half of the 95 % interval of a rate. */
export const rateError = ({ visits, minutes }: RateRow, phi: number): number =>
  (Z * Math.sqrt(phi * visits) * 60) / minutes;

/** How a rate changed, and whether its 95 % interval leaves out 1; null where one of both has no visits. */
export function ratio(
  now: RateRow,
  before: RateRow,
  phi: number,
): { readonly value: number; readonly isSure: boolean } | null {
  if (!now.visits || !before.visits) return null;
  const value = ratePerHour(now) / ratePerHour(before);
  const error = Z * Math.sqrt(phi * (1 / now.visits + 1 / before.visits));
  return { value, isSure: Math.abs(Math.log(value)) > error };
}

/** Wilson's 95 % interval of a share: the one that stays within 0 and 1 for few. */
export function shareInterval(hits: number, n: number): readonly [number, number] {
  const p = hits / n;
  const middle = p + Z ** 2 / (2 * n);
  const half = Z * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  const scale = 1 + Z ** 2 / n;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

/** Of the highest value of a heat map: where its seven shades begin. The eye tells small rates apart better so. */
const SHADES = [1 / 60, 1 / 15, 1 / 6, 1 / 3, 2 / 3, 1];

/** The value from which on the darkest shade is used: round, and reached by some. */
export function darkest(rates: readonly number[]): number {
  const sorted = rates.filter((rate) => rate > 0).sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length * 0.95)] ?? 1;
  const power = 10 ** Math.floor(Math.log10(high));
  return Number((([5, 3, 2, 1].find((each) => each * power <= high) ?? 1) * power).toPrecision(1));
}

/** 0 to 6: how dark a rate is shown. */
export const shade = (rate: number, top: number): number =>
  SHADES.filter((share) => rate >= share * top).length;
