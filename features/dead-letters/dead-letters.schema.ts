import { z } from 'zod';
import { count, instant, iso, type Links, link, sha256 } from '../http/index.js';
import type { findDeadLetter, listDeadLetters } from './dead-letters.repository.js';

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

type DeadLetterRow =
  | Awaited<ReturnType<typeof listDeadLetters>>[number]
  | NonNullable<Awaited<ReturnType<typeof findDeadLetter>>>;

/** A refused message and why; its bytes have a route of their own. */
export function deadLetterView(row: DeadLetterRow, links: Links): z.output<typeof DEAD_LETTER> {
  return {
    id: row.id,
    code: row.code,
    field: row.field ?? undefined,
    message: row.message,
    topic: row.topic,
    client: row.client,
    trapId: row.trap_id,
    runId: row.run_id,
    cropId: row.crop_id,
    bytes: row.size,
    sha256: row.sha256 || null,
    times: row.times,
    firstAt: iso(row.first_at),
    lastAt: iso(row.last_at),
    links: { self: links.deadLetter(row.id), bytes: `${links.deadLetter(row.id)}/bytes` },
  };
}
