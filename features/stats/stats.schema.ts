import { z } from 'zod';
import { count } from '../http/index.js';
import { GROUP_NAMES, NAMES } from '../taxa/index.js';
import { KEYS } from './count-query.js';

const EFFORT = {
  effortMinutes: z
    .number()
    .nullable()
    .meta({ description: 'Minutes recorded; null where it is not known for every trap with visits' }),
  visitsPerHour: z.number().nullable().meta({ description: 'Visits per hour of recording' }),
};

const APART = z.strictObject({ visits: count(), crops: count() });

export const COUNT = z
  .strictObject({
    trap: z.string().optional(),
    label: z.string().nullable().optional(),
    taxon: z.string().nullable().optional(),
    group: z.string().nullable().optional(),
    names: NAMES.optional(),
    groupNames: GROUP_NAMES.optional(),
    month: z.string().nullable().optional().meta({ description: '`2026-06`; null: visits of unknown time' }),
    week: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'ISO 8601: `2026-W23`, from Monday on; null likewise' }),
    day: z.string().nullable().optional().meta({ description: '`2026-06-01`; null likewise' }),
    hour: z.int().min(0).max(23).nullable().optional().meta({ description: 'Null likewise' }),
    visits: count().meta({ description: 'Runs: each is one visit, however many crops it has' }),
    crops: count(),
    unsure: count().meta({ description: 'How many of the visits have an unsure verdict' }),
    effortMinutes: EFFORT.effortMinutes.optional(),
    visitsPerHour: EFFORT.visitsPerHour.optional(),
  })
  .meta({ id: 'Count' });

export const COUNTS = z
  .strictObject({
    by: z.array(z.enum(KEYS)),
    insectsOnly: z.boolean(),
    items: z.array(COUNT).meta({ description: 'In the order of the keys' }),
    totals: z.strictObject({
      visits: count(),
      crops: count(),
      unsure: count(),
      notInsects: APART.meta({ description: 'Counted above only with `insectsOnly=false`' }),
      unclassified: APART.meta({ description: 'Likewise' }),
      timeUnknown: APART.meta({
        description:
          'Of the visits above, those of unknown time: in rows by time they have null. With `from` or `to` there are none',
      }),
      ...EFFORT,
    }),
  })
  .meta({ id: 'Counts', description: 'A run is one visit and counts once, everywhere' });

export const EXAMPLE_COUNTS: z.output<typeof COUNTS> = {
  by: ['trap', 'day'],
  insectsOnly: true,
  items: [
    {
      trap: 'meadow-1',
      day: '2026-06-01',
      visits: 214,
      crops: 2633,
      unsure: 12,
      effortMinutes: 960,
      visitsPerHour: 13.38,
    },
  ],
  totals: {
    visits: 214,
    crops: 2633,
    unsure: 12,
    notInsects: { visits: 61, crops: 480 },
    unclassified: { visits: 0, crops: 0 },
    timeUnknown: { visits: 0, crops: 0 },
    effortMinutes: 960,
    visitsPerHour: 13.38,
  },
};
