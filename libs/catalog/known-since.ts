import { sql } from 'kysely';
import { number } from './keys.js';
import type { Db } from './schema.js';

/** For a question on `traps`: when the first visit took place, which an index tells. */
export const EARLIEST_RUN = sql<
  number | null
>`(select min(at_ms) from runs where runs.trap_id = traps.trap_id and at_ms >= 0)`;

/** Since when anything is known of a trap: its first message, or a visit before that. */
export const knownSince = (firstSeenMs: number, earliestRunMs: number | null): number =>
  earliestRunMs === null ? firstSeenMs : Math.min(firstSeenMs, number(earliestRunMs));

/** {@link knownSince} of these traps, in ms since 1970; one that is not there is left out. */
export async function knownSinceOf(db: Db, trapIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (!trapIds.length) return new Map();
  const rows = await db
    .selectFrom('traps')
    .select(['trap_id', 'first_seen_at', EARLIEST_RUN.as('earliest_run')])
    .where('trap_id', 'in', trapIds)
    .execute();
  return new Map(rows.map((row) => [row.trap_id, knownSince(row.first_seen_at, row.earliest_run)]));
}
