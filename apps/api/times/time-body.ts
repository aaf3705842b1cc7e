import type { z } from 'zod';
import { described, onlyTheseFields, time } from '../parameters.js';
import { comment } from '../reviews/review-body.js';

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
