import { z } from 'zod';
import type { CountKey } from '../../../libs/catalog/index.js';
import { excel, flag, onlyThese } from '../parameters.js';
import { RUN_FILTER } from '../run-query.js';

/** What counts can be made by, in the order in which they stand in an answer. */
export const KEYS = ['trap', 'label', 'taxon', 'group', 'month', 'week', 'day', 'hour'] as const;
export type Key = (typeof KEYS)[number];

const PATTERN = `^(${KEYS.join('|')})(,(${KEYS.join('|')}))*$`;

export const COUNT_QUERY = onlyThese({
  by: by(),
  ...RUN_FILTER,
  insectsOnly: flag().default(true),
});
export type CountQuery = z.output<typeof COUNT_QUERY>;

export const COUNT_TABLE_QUERY = onlyThese({
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
