import { z } from 'zod';
import { after, count, instant, iso, type Links, limit, link, placed, sha256 } from '../http/index.js';
import type { StoredDeadLetter } from './dead-letters.repository.js';

const LETTER_ID = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: 'must be the id of a dead letter' })
  .meta({ wire: { type: 'string', pattern: '^[\\w-]{1,64}$', examples: ['Zm9vYmFy'] } });
export const LETTERS_QUERY = z.object({ limit: limit(), after: after(z.tuple([placed.atMs, LETTER_ID])) });
export const LETTER_PARAMS = z.object({ id: LETTER_ID });
export type LettersQuery = z.output<typeof LETTERS_QUERY>;
export type LetterParams = z.output<typeof LETTER_PARAMS>;

export const DEAD_LETTER = z
  .strictObject({
    id: z.string(),
    code: z.string().meta({ description: 'Why it was refused; stable' }),
    field: z.string().optional(),
    message: z.string(),
    topic: z.string(),
    client: z.string().nullable(),
    trapId: z.string().nullable(),
    runId: z.string().nullable(),
    cropId: z.string().nullable(),
    bytes: count().meta({ description: 'How many it had: at least, where not all of it was read' }),
    sha256: sha256()
      .nullable()
      .meta({ description: 'Null where not all of it was read, since it was too large' }),
    times: count().meta({ description: 'How often the very same message came' }),
    firstAt: instant(),
    lastAt: instant(),
    links: z.strictObject({ self: link(), bytes: link() }),
  })
  .meta({ id: 'DeadLetter', description: 'A message that was refused for good' });

export const DEAD_LETTER_IN_FULL = DEAD_LETTER.extend({
  keptBytes: count().meta({ description: 'How many of its bytes can be had' }),
}).meta({ id: 'DeadLetterInFull' });

export const EXAMPLE_DEAD_LETTER: z.output<typeof DEAD_LETTER> = {
  id: 'Zm9vYmFy',
  code: 'not-an-image',
  message: 'is no JPEG, PNG or WebP',
  topic: 'traps/v1/meadow-1/runs/20260601_100000-17/crops/0003',
  client: 'meadow-1',
  trapId: 'meadow-1',
  runId: '20260601_100000-17',
  cropId: '0003',
  bytes: 24,
  sha256: '2b1f0a5f6f7d7b1c3a9c9f3f0f4d4f1f6c0f2a1b3c4d5e6f708192a3b4c5d6e7',
  times: 1,
  firstAt: '2026-06-01T08:00:05.000Z',
  lastAt: '2026-06-01T08:00:05.000Z',
  links: { self: '/api/v1/dead-letters/Zm9vYmFy', bytes: '/api/v1/dead-letters/Zm9vYmFy/bytes' },
};

/** A rejected message and why; its bytes have a route of their own. */
export function presentDeadLetter(letter: StoredDeadLetter, links: Links): z.output<typeof DEAD_LETTER> {
  return {
    id: letter.id,
    code: letter.code,
    field: letter.field ?? undefined,
    message: letter.message,
    topic: letter.topic,
    client: letter.client,
    trapId: letter.trapId,
    runId: letter.runId,
    cropId: letter.cropId,
    bytes: letter.size,
    sha256: letter.sha256,
    times: letter.times,
    firstAt: iso(letter.firstAtMs),
    lastAt: iso(letter.lastAtMs),
    links: { self: links.deadLetter(letter.id), bytes: `${links.deadLetter(letter.id)}/bytes` },
  };
}
