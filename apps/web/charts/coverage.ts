import { addDays } from '../texts/format.js';

/** One calendar day of one trap; `minutes` is null if it did not record or its effort is unknown. */
export interface RecordedDay {
  readonly day: string;
  readonly minutes: number | null;
}
export interface EffortRow {
  readonly trap?: string | undefined;
  readonly day?: string | null | undefined;
  readonly effortMinutes?: number | null | undefined;
}

/** The days from `first` on, with what was recorded on each. */
export function recordedDays(
  rows: readonly EffortRow[],
  trapId: string,
  first: string,
  count: number,
): RecordedDay[] {
  const minutes = new Map(
    rows.filter(({ trap }) => trap === trapId).map(({ day, effortMinutes }) => [day, effortMinutes]),
  );
  return Array.from({ length: count }, (_, index) => {
    const day = addDays(first, index);
    return { day, minutes: minutes.get(day) || null };
  });
}

/** The middle one of the days on which anything was recorded; undefined where there is none. */
export function usualMinutes(days: readonly RecordedDay[]): number | undefined {
  const recorded = days.map(({ minutes }) => minutes ?? 0).filter((each) => each > 0);
  return recorded.sort((a, b) => a - b)[Math.floor(recorded.length / 2)];
}
