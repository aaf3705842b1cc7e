import { DAY_MS, effortHours, HOUR_MS, type RecordedSession } from '../../libs/domain/index.js';
import { utcOf } from './day.js';
import type { CountedVisits, KindCount } from './today.repository.js';

/** Visits of one kind of insect: a taxon, or a label that stands for none. */
export interface KindFigures {
  /** The label under which most of them were seen. */
  readonly label: string;
  readonly taxon: string | null;
  readonly group: string | null;
  readonly visits: number;
}

/** One day up to a time of day; `hours` are whole. */
export interface DayFigures {
  readonly day: number;
  /** Of insects, uncertain ones included. */
  readonly visits: number;
  readonly uncertain: number;
  /** Of certain verdicts. */
  readonly kinds: ReadonlyMap<string, KindFigures>;
  /** Recorded; undefined where a trap recorded, and nobody knows for how long. */
  readonly minutes: number | undefined;
  /** Visits of the whole day, of which `visits` are those up to the time. */
  readonly visitsOfDay: number;
  /** By hour of the day. */
  readonly hours: readonly { readonly visits: number; readonly minutes: number | undefined }[];
  /** Traps that recorded up to the time. */
  readonly traps: number;
}

/** A trap with its sessions, and its clock. */
export interface RecordingTrap {
  readonly sessions: readonly RecordedSession[];
  readonly zone: string;
  /** Milliseconds since its midnight up to which days are compared. */
  readonly timeOfDay: number;
}

const HOURS = 24;

export const kindOf = ({ taxon, label }: Pick<KindCount, 'taxon' | 'label'>): string => taxon ?? label;

/** What was seen and recorded on some days. */
export function figuresOfDays(
  days: readonly number[],
  counted: CountedVisits,
  traps: readonly RecordingTrap[],
  nowMs: number,
): DayFigures[] {
  const kinds = grouped(counted.kinds, ({ day }) => day);
  const hours = new Map(counted.hours.map(({ day, hour, visits }) => [day * HOURS + hour, visits]));
  const efforts = effortsOf(new Set(days), traps, nowMs);
  return days.map((day) => {
    const ofDay = kinds.get(day) ?? [];
    const effort = efforts.get(day) ?? NO_EFFORT;
    const byHour = Array.from({ length: HOURS }, (_, hour) => ({
      visits: hours.get(day * HOURS + hour) ?? 0,
      minutes: effort.hours.has(hour) ? effort.hours.get(hour) : 0,
    }));
    return {
      day,
      visits: visitsOf(ofDay),
      uncertain: visitsOf(ofDay.filter(({ unsure }) => unsure)),
      kinds: kindsOf(ofDay),
      minutes: effort.minutes,
      visitsOfDay: visitsOf(byHour),
      hours: byHour,
      traps: effort.traps,
    };
  });
}

function kindsOf(counts: readonly KindCount[]): Map<string, KindFigures> {
  const seen = counts.filter(({ unsure, visits }) => !unsure && visits > 0);
  return new Map(
    [...grouped(seen, kindOf)].map(([kind, ofKind]) => {
      const { label, taxon, group } = ofKind.reduce((most, each) =>
        each.visits > most.visits ? each : most,
      );
      return [kind, { label, taxon, group, visits: visitsOf(ofKind) }];
    }),
  );
}

interface Effort {
  minutes: number | undefined;
  readonly hours: Map<number, number | undefined>;
  traps: number;
}

const NO_EFFORT: Effort = { minutes: 0, hours: new Map(), traps: 0 };

function effortsOf(
  days: ReadonlySet<number>,
  traps: readonly RecordingTrap[],
  nowMs: number,
): Map<number, Effort> {
  const efforts = new Map<number, Effort>();
  const effortOf = (day: number) => {
    const known = efforts.get(day) ?? { minutes: 0, hours: new Map(), traps: 0 };
    efforts.set(day, known);
    return known;
  };
  for (const { sessions, zone, timeOfDay } of traps) {
    const recorded = new Set<number>();
    const wholeHours = Math.floor(timeOfDay / HOUR_MS);
    for (const { hour, minutes } of effortHours(sessions, undefined, nowMs)) {
      const day = Math.floor(hour / HOURS);
      if (!days.has(day)) continue;
      const effort = effortOf(day);
      add(effort.hours, hour % HOURS, minutes);
      if (hour % HOURS >= wholeHours) continue;
      effort.minutes = plus(effort.minutes, minutes);
      recorded.add(day);
    }
    // Of the hour that the time of day cuts through, the part before it.
    if (timeOfDay % HOUR_MS !== 0)
      for (const day of days) {
        const startMs = utcOf(day * DAY_MS + wholeHours * HOUR_MS, zone);
        const untilMs = Math.min(utcOf(day * DAY_MS + timeOfDay, zone), nowMs);
        for (const { minutes } of effortHours(sessions, startMs, untilMs)) {
          effortOf(day).minutes = plus(effortOf(day).minutes, minutes);
          recorded.add(day);
        }
      }
    for (const day of recorded) effortOf(day).traps += 1;
  }
  return efforts;
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

function add(hours: Map<number, number | undefined>, hour: number, minutes: number | undefined): void {
  hours.set(hour, plus(hours.has(hour) ? hours.get(hour) : 0, minutes));
}

const visitsOf = (counts: readonly { readonly visits: number }[]): number =>
  counts.reduce((total, { visits }) => total + visits, 0);

function grouped<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
