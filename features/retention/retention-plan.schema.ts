import { z } from 'zod';
import { count, instant, wholeNumber } from '../http/index.js';

const MOST_DAYS = 36_500;
const MOST_MB = 1_000_000_000;

export const PLAN_QUERY = z.object({
  olderThanDays: wholeNumber(1, MOST_DAYS).optional(),
  freeMb: wholeNumber(1, MOST_MB).optional(),
  keepBest: wholeNumber(0, 9999).optional(),
});

const SUM = { runs: count(), crops: count(), bytes: count() };

export const RETENTION_PLAN = z
  .strictObject({
    rule: z.strictObject({
      olderThanDays: z
        .number()
        .nullable()
        .meta({ description: 'Pictures older than this go; null: whatever their age' }),
      freeMb: z
        .number()
        .nullable()
        .meta({ description: 'The oldest go until so much is free; null: no need' }),
      keepBest: count().meta({ description: 'Runs of each trap and taxon that keep their pictures' }),
    }),
    going: z.strictObject({
      ...SUM,
      oldest: instant().nullable(),
      newest: instant().nullable(),
      traps: z.array(z.strictObject({ trapId: z.string(), ...SUM })),
    }),
    shortBytes: count().meta({ description: 'So much more should go to make room, and may not' }),
    problem: z.string().nullable().meta({ description: 'Why nothing is removed, although the rule says so' }),
  })
  .meta({ id: 'RetentionPlan', description: 'What the rule would remove: nothing has been removed' });

export const EXAMPLE_RETENTION_PLAN: z.output<typeof RETENTION_PLAN> = {
  rule: { olderThanDays: 365, freeMb: null, keepBest: 20 },
  going: {
    runs: 120,
    crops: 960,
    bytes: 19_200_000,
    oldest: '2025-04-12T06:00:00.000Z',
    newest: '2025-05-30T18:00:00.000Z',
    traps: [{ trapId: 'meadow-1', runs: 120, crops: 960, bytes: 19_200_000 }],
  },
  shortBytes: 0,
  problem: null,
};
