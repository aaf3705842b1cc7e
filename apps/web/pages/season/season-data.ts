import type { Agreement, Count, Counts, Names } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { useAnswer } from '../../api/query.js';
import type { DayCount } from '../../charts/season-bins.js';
import { addDays, startOfDay } from '../../texts/format.js';

/** Calendar days, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}
export type NamedCount = Count & { readonly names?: Names };

/** The same days one year before; 29 February becomes the 28th. */
export const yearBefore = ({ from, to }: Period): Period => ({ from: lastYear(from), to: lastYear(to) });

const lastYear = (day: string): string => {
  const before = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return before.endsWith('-02-29') ? `${before.slice(0, 8)}28` : before;
};

/** As many days, right before. */
export function timeBefore({ from, to }: Period): Period {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

/** Counts of a period at a trap, or at all. */
export function useCounts(by: string, { from, to }: Period, trap: string | undefined, zone: string) {
  const path = withQuery('/stats/counts', {
    by,
    trap,
    from: startOfDay(from, zone),
    to: startOfDay(addDays(to, 1), zone),
  });
  return useAnswer<Counts>(path);
}

export const useAgreement = ({ from, to }: Period, trap: string | undefined, zone: string) =>
  useAnswer<Agreement>(
    withQuery('/stats/agreement', {
      trap,
      from: startOfDay(from, zone),
      to: startOfDay(addDays(to, 1), zone),
    }),
  );

export const dayCounts = ({ items }: Counts): DayCount[] =>
  items.flatMap(({ day, visits, effortMinutes }) =>
    day ? [{ day, visits, minutes: effortMinutes ?? null }] : [],
  );
