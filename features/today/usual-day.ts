import {
  comparableDays,
  DAY_MS,
  HOUR_MS,
  USUAL_DAYS,
  type UsualRange,
  usualOf,
  usualRange,
} from '../../libs/domain/index.js';
import type { DayFigures } from './day-figures.js';

/** What a day is compared with. */
export interface UsualDay {
  /** How many of the days before can be compared, each up to this time of day. */
  readonly days: number;
  /** On how many of the days before anything was recorded, at whatever time. */
  readonly recordedDays: number;
  readonly visits: UsualRange | undefined;
  readonly kinds: UsualRange | undefined;
  readonly ofKind: (kind: string) => UsualRange | undefined;
  /** Recorded minutes by this time, in the middle of the days. */
  readonly minutes: number | undefined;
  readonly hours: readonly UsualHour[];
}

export interface UsualHour {
  /** Visits; undefined while there are too few days. */
  readonly expected: number | undefined;
  readonly range: UsualRange | undefined;
}

const HOURS = 24;

/**
 * Compares a day with the days before it.
 *
 * Where no trap has ever said how long it recorded, a day with a visit counts as recorded as long as any other.
 */
export function usualDay(today: DayFigures, before: readonly DayFigures[], timeOfDay: number): UsualDay {
  const hasEffort = [today, ...before].some(({ minutes }) => minutes !== 0);
  const minutesOf = (day: DayFigures) => (hasEffort ? day.minutes : day.visitsOfDay > 0 ? 60 : 0);
  const minutes = hasEffort ? today.minutes : 60;
  const comparable = (count: (day: DayFigures) => number) =>
    comparableDays(
      before.flatMap((day) => {
        const known = minutesOf(day);
        return known === undefined ? [] : [{ count: count(day), minutes: known }];
      }),
      minutes ?? 0,
    );
  const days = comparable(({ visits }) => visits);
  // What was recorded for nobody knows how long, or not at all, cannot be compared.
  const isComparable = minutes !== undefined && minutes > 0;
  const range = (count: (day: DayFigures) => number) =>
    isComparable ? usualRange(comparable(count), minutes) : undefined;
  return {
    days: days.length,
    recordedDays: before.filter((day) => isRecorded(day, hasEffort)).length,
    visits: range(({ visits }) => visits),
    kinds: isComparable
      ? usualOf(comparable(({ kinds }) => kinds.size).map(({ count }) => count))
      : undefined,
    ofKind: (kind) => range(({ kinds }) => kinds.get(kind)?.visits ?? 0),
    minutes: hasEffort && days.length ? median(days.map((day) => day.minutes)) : undefined,
    hours: Array.from({ length: HOURS }, (_, hour) =>
      usualHour(hour, today, before, {
        hasEffort,
        isOver: timeOfDay >= DAY_MS || (hour + 1) * HOUR_MS <= timeOfDay,
      }),
    ),
  };
}

/** Before dawn no day can be compared yet, however many there are: they are recorded all the same. */
const isRecorded = ({ hours, visitsOfDay }: DayFigures, hasEffort: boolean): boolean =>
  hasEffort ? hours.some(({ minutes }) => minutes !== 0) : visitsOfDay > 0;

/** An hour that is not over is compared as if it were recorded as usual. */
function usualHour(
  hour: number,
  today: DayFigures,
  before: readonly DayFigures[],
  { hasEffort, isOver }: { readonly hasEffort: boolean; readonly isOver: boolean },
): UsualHour {
  const days = before.flatMap((day) => {
    const of = day.hours[hour];
    const minutes = hasEffort ? of?.minutes : day.visitsOfDay > 0 ? 60 : 0;
    return of && minutes ? [{ count: of.visits, minutes }] : [];
  });
  if (days.length < USUAL_DAYS.needed) return { expected: undefined, range: undefined };
  const typical = median(days.map((day) => day.minutes));
  const minutes = hasEffort && isOver ? (today.hours[hour]?.minutes ?? 0) : typical;
  const [visits, recorded] = [total(days.map(({ count }) => count)), total(days.map((day) => day.minutes))];
  return {
    expected: (visits * minutes) / recorded,
    range: usualRange(comparableDays(days, minutes), minutes),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
