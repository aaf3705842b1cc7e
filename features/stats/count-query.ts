import { z } from 'zod';
import { DAY_MS } from '../../libs/domain/index.js';
import { excel, flag } from '../http/index.js';
import { RUN_FILTER } from '../runs/index.js';
import type { CountKey } from './stats.repository.js';

/** What counts can be made by, in the order in which they stand in an answer. */
export const KEYS = ['trap', 'label', 'taxon', 'group', 'month', 'week', 'day', 'hour'] as const;
export type Key = (typeof KEYS)[number];

const PATTERN = `^(${KEYS.join('|')})(,(${KEYS.join('|')}))*$`;

export const COUNT_QUERY = z.object({
  by: by(),
  ...RUN_FILTER,
  insectsOnly: flag().default(true),
});
export type CountQuery = z.output<typeof COUNT_QUERY>;

export const COUNT_TABLE_QUERY = z.object({
  by: by(),
  ...RUN_FILTER,
  insectsOnly: flag().default(true),
  excel: excel(),
});
export type CountTableQuery = z.output<typeof COUNT_TABLE_QUERY>;

/** What the catalog counts by, for keys that are made of its days. */
export const countedBy = (keys: readonly Key[]): CountKey[] => [
  ...new Set(keys.map((key): CountKey => (key === 'week' || key === 'month' ? 'day' : key))),
];

/** Effort is known by trap and time only: nobody records for one label. */
export const hasEffort = (keys: readonly Key[]): boolean =>
  !keys.some((key) => key === 'label' || key === 'taxon' || key === 'group');

function by() {
  const error = `must name some of ${KEYS.join(', ')}, each once, with commas between them`;
  const wire = {
    type: 'string',
    pattern: PATTERN,
    default: 'label',
    description: 'What to count by, with commas between: days, weeks, months and hours are those of the trap',
    examples: ['trap,day'],
  };
  return z
    .string({ error })
    .transform((given, context): readonly Key[] => {
      const names = given.split(',');
      const keys = KEYS.filter((key) => names.includes(key));
      if (keys.length === names.length) return keys;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ wire })
    .default(['label']);
}

/** `2026-06-01`. @param day days since 1970-01-01 */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** `2026-06` */
export const monthText = (day: number): string => dayText(day).slice(0, 7);

/** The week of ISO 8601, `2026-W23`: it belongs to the year that its Thursday is in. */
export function weekText(day: number): string {
  // 1970-01-01 was a Thursday.
  const thursday = Math.floor((day + 3) / 7) * 7;
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  const newYear = Date.UTC(year, 0, 1) / DAY_MS;
  const week = Math.floor((thursday - newYear) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
