import { setImmediate } from 'node:timers/promises';
import { type ActivityRule, HOUR_MS, type HourSeries, judgeHour } from '../../libs/domain/index.js';
import type { ActivityHour } from './activity.repository.js';

/** After this many hours the event loop is released: messages come in meanwhile. */
const AT_ONCE = 100;

export interface GroupOfTrap {
  readonly trapId: string;
  readonly group: string;
}

/**
 * The hours of a group whose verdict is another one now. From the first hour on whose visits or effort have changed,
 * every later hour is judged again: it may have been compared with that one.
 *
 * @param known what was said of these hours before
 * @param offsetMinOf minutes that the trap's clock is ahead of UTC in an hour of its own
 */
export async function changedHours(
  { trapId, group }: GroupOfTrap,
  series: HourSeries,
  known: ReadonlyMap<number, ActivityHour>,
  fromHour: number,
  rule: ActivityRule,
  offsetMinOf: (hour: number) => number,
): Promise<ActivityHour[]> {
  const hours = [...new Set([...series.keys(), ...known.keys()])]
    .filter((hour) => hour >= fromHour)
    .sort((a, b) => a - b);
  const first = hours.findIndex(
    (hour) =>
      isOtherwise(series, known, hour) || known.get(hour)?.startMs !== startMsOf(hour, offsetMinOf(hour)),
  );
  if (first < 0) return [];
  const changed: ActivityHour[] = [];
  for (const [at, hour] of hours.slice(first).entries()) {
    const row = asRow(trapId, group, series, hour, rule, offsetMinOf(hour));
    if (!isSame(known.get(hour), row)) changed.push(row);
    if (at % AT_ONCE === AT_ONCE - 1) await setImmediate();
  }
  return changed;
}

/** Also of hours of which all else stays, where the trap turns out to stand in another zone. */
const startMsOf = (hour: number, offsetMin: number): number => hour * HOUR_MS - offsetMin * 60_000;

/** Minutes are sums of fractions: the last bits of them are no change. */
const roundMin = (effortH: number): number => Math.round(effortH * 60 * 1000) / 1000;

function isOtherwise(series: HourSeries, known: ReadonlyMap<number, ActivityHour>, hour: number): boolean {
  const now = series.get(hour);
  const before = known.get(hour);
  return before?.visits !== (now?.count ?? 0) || before.effortMin !== roundMin(now?.effortH ?? 0);
}

function asRow(
  trapId: string,
  group: string,
  series: HourSeries,
  hour: number,
  rule: ActivityRule,
  offsetMin: number,
): ActivityHour {
  const own = series.get(hour);
  const verdict = judgeHour(series, hour, rule);
  const judged = verdict.state === 'judged' ? verdict : undefined;
  return {
    trapId,
    group,
    hour,
    startMs: startMsOf(hour, offsetMin),
    visits: own?.count ?? 0,
    effortMin: roundMin(own?.effortH ?? 0),
    state: verdict.state,
    expected: judged?.expected ?? null,
    upper: judged?.upper ?? null,
    score: judged?.score ?? null,
    pHigh: judged?.pHigh ?? null,
    pLow: judged?.pLow ?? null,
    days: verdict.state === 'learning' ? verdict.days : null,
    alarm: judged?.alarm ?? false,
  };
}

const isSame = (before: ActivityHour | undefined, now: ActivityHour): boolean =>
  before !== undefined &&
  (Object.keys(now) as (keyof ActivityHour)[]).every((column) => before[column] === now[column]);
