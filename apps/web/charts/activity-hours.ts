import type { ActivityHour } from '../../../libs/api-types/index.js';

const HOUR_MS = 3_600_000;

/** One hour of the axis, whether or not anything is known of it. */
export interface AxisHour {
  readonly startMs: number;
  readonly count: number;
  readonly effortMin: number;
  readonly expected: number | null;
  readonly upper: number | null;
  readonly isUnusual: boolean;
  /** `brief`: recorded too briefly to be judged, as the present hour is at first. `missing`: not recorded. `future`: not yet over */
  readonly state: 'judged' | 'learning' | 'brief' | 'missing' | 'future';
  readonly days: number | null;
}

/** Every hour from the first to the last, the missing ones too. Hours of zones that are half an hour off begin there. */
export function axisHours(
  hours: readonly ActivityHour[],
  fromMs: number,
  toMs: number,
  nowMs: number,
): AxisHour[] {
  const known = new Map(hours.map((hour) => [Date.parse(hour.start), hour]));
  return Array.from({ length: Math.round((toMs - fromMs) / HOUR_MS) }, (_, index) => {
    const startMs = fromMs + index * HOUR_MS;
    const hour = known.get(startMs);
    const unrecorded = startMs + HOUR_MS > nowMs ? ('future' as const) : ('missing' as const);
    if (!hour) {
      return {
        startMs,
        count: 0,
        effortMin: 0,
        expected: null,
        upper: null,
        isUnusual: false,
        state: unrecorded,
        days: null,
      };
    }
    const { count, effortMin, expected, upper, alarm, days } = hour;
    const state = hour.state !== 'missing' ? hour.state : effortMin > 0 || count > 0 ? 'brief' : unrecorded;
    return { startMs, count, effortMin, expected, upper, isUnusual: alarm, state, days };
  });
}

/** The highest hour of each group of unusual ones: these get a flag. */
export function flagged(hours: readonly AxisHour[]): number[] {
  const found: number[] = [];
  for (let index = 0; index < hours.length; index += 1) {
    if (!hours[index]?.isUnusual) continue;
    let best = index;
    while (hours[index]?.isUnusual) {
      if ((hours[index] as AxisHour).count > (hours[best] as AxisHour).count) best = index;
      index += 1;
    }
    found.push(best);
  }
  return found;
}

export interface Series {
  readonly trapId: string;
  readonly group: string;
  readonly count: number;
  /** Null where no hour could be judged */
  readonly expected: number | null;
  readonly isUnusual: boolean;
  readonly minutes: number;
  /** While learning: days with data so far */
  readonly learning: number | null;
}

/** What each trap and group has had since the first of these hours: unusual ones first, then by their visits. */
export function seriesOf(hours: readonly ActivityHour[]): Series[] {
  const found = new Map<string, { -readonly [K in keyof Series]: Series[K] }>();
  for (const { trapId, group, count, expected, alarm, effortMin, state, days } of hours) {
    const key = `${trapId}\n${group}`;
    const series = found.get(key) ?? {
      trapId,
      group,
      count: 0,
      expected: null,
      isUnusual: false,
      minutes: 0,
      learning: null,
    };
    found.set(key, series);
    series.count += count;
    series.minutes += effortMin;
    series.isUnusual ||= alarm;
    if (expected !== null) series.expected = (series.expected ?? 0) + expected;
    if (state === 'learning') series.learning = Math.max(series.learning ?? 0, days ?? 0);
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(b.isUnusual) - Number(a.isUnusual) || b.count - a.count || a.trapId.localeCompare(b.trapId),
  );
}

/** Such as "once in 3,000": how rarely chance alone gives this many visits, as a rounded number of hours. */
export function onceIn(pValue: number): number {
  const hours = Math.round(1 / Math.max(pValue, 1e-9));
  const power = 10 ** Math.floor(Math.log10(hours));
  return Math.floor(hours / power) * power;
}
