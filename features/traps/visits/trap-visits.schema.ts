import { z } from 'zod';
import { id, instant, limit, time } from '../../http/index.js';

const LONGEST_TEXT = 2000;
export const WHAT = ['battery', 'lens', 'card', 'plants', 'moved', 'other'] as const;
export type TrapWork = (typeof WHAT)[number];
const WHAT_ERROR = `must be a list of ${WHAT.join(', ')}`;
const TEXT_ERROR = `must be a text of at most ${LONGEST_TEXT} characters, or null`;

export const TRAP_VISIT = z
  .strictObject({
    id: z.string(),
    at: instant(),
    what: z.array(z.enum(WHAT)).meta({ description: 'What was done' }),
    text: z.string().nullable(),
    by: z.string().meta({ description: 'Name of the key or of the person that noted it' }),
  })
  .meta({ id: 'TrapVisit', description: 'Somebody was at the trap: battery changed, lens cleaned' });

export const EXAMPLE_TRAP_VISIT: z.output<typeof TRAP_VISIT> = {
  id: '5f7c1d8e-3f0a-4a52-9a5b-0d6a2f0c9b11',
  at: '2026-06-01T08:00:00.000Z',
  what: ['battery', 'lens'],
  text: 'spider web before the lens',
  by: 'anna',
};

export const TRAP_VISIT_BODY = z.strictObject({
  at: time().optional(),
  what: z
    .array(z.enum(WHAT, { error: WHAT_ERROR }), { error: WHAT_ERROR })
    .max(WHAT.length)
    .default([]),
  text: z.string({ error: TEXT_ERROR }).max(LONGEST_TEXT, { error: TEXT_ERROR }).nullable().optional(),
});
export const EXAMPLE_TRAP_VISIT_BODY = {
  at: '2026-06-01T10:00:00+02:00',
  what: ['battery', 'lens'],
  text: 'spider web before the lens',
};

export const VISIT_PARAMS = z.object({ trapId: id(), visitId: id() });
export const VISITS_QUERY = z.object({ limit: limit() });
