import type { z } from 'zod';
import type { findDeadLetter, listDeadLetters } from '../../libs/catalog/index.js';
import type { DEAD_LETTER } from './dead-letter-schema.js';
import type { Links } from './links.js';
import { iso } from './show.js';

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
