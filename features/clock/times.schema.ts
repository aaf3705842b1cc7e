import { z } from 'zod';
import { count, described, instant, onlyTheseFields, time } from '../http/index.js';
import { comment } from '../reviews/index.js';

const YEAR_2000_MS = Date.UTC(2000, 0, 1);
const AHEAD_MS = 24 * 3_600_000;

/** What a person says of the true time of a run or a session. */
export const TIME_BODY = onlyTheseFields({
  start: described(
    time().refine((ms) => ms >= YEAR_2000_MS && ms <= Date.now() + AHEAD_MS, {
      error: 'must not be before the year 2000 or in the future',
    }),
    'When it truly began',
    '2026-06-01T10:00:00+02:00',
  ),
  comment: comment(),
});
export type TimeBody = z.output<typeof TIME_BODY>;

const TIME_CORRECTION = z
  .strictObject({
    id: count(),
    start: instant()
      .nullable()
      .meta({ description: 'When it truly began; null: what was said before is taken back' }),
    comment: z.string().nullable(),
    by: z
      .strictObject({ kind: z.enum(['key', 'user']), name: z.string() })
      .optional()
      .meta({
        description: 'For editors',
      }),
    at: instant(),
  })
  .meta({ id: 'TimeCorrection', description: 'What a person said of a true time' });

export const TRUE_TIME = z
  .strictObject({
    start: instant().nullable(),
    end: instant().nullable(),
    said: z
      .strictObject({ start: z.string().nullable(), end: z.string().nullable() })
      .meta({ description: 'The text that the trap sent' }),
    clockSuspect: z.boolean(),
    timeFrom: z.enum(['trap', 'person', 'session', 'neighbours', 'receipt']).nullable(),
    clockShiftS: z.number().nullable().meta({ description: 'Added to what the clock said, in seconds' }),
    history: z.array(TIME_CORRECTION).meta({ description: 'Oldest first; the last one holds' }),
  })
  .meta({ id: 'TrueTime', description: 'When a run or session took place, and how that is known' });

export const EXAMPLE_TRUE_TIME: z.output<typeof TRUE_TIME> = {
  start: '2026-06-01T08:00:00.000Z',
  end: '2026-06-01T08:00:07.000Z',
  said: { start: '1970-01-01T01:00:12', end: '1970-01-01T01:00:19' },
  clockSuspect: true,
  timeFrom: 'person',
  clockShiftS: 1_780_300_788,
  history: [
    {
      id: 1,
      start: '2026-06-01T08:00:00.000Z',
      comment: 'I switched it on at ten.',
      by: { kind: 'user', name: 'anna' },
      at: '2026-06-02T09:00:00.000Z',
    },
  ],
};
