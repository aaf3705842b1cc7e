import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from './catalog.js';
import { rereadReadings } from './reread-readings.js';
import { rereadRuns } from './reread-runs.js';
import { rereadSessions } from './reread-sessions.js';
import { rereadingOf } from './rereading.js';
import type { Db } from './schema.js';

/**
 * One step of reading again what came without a zone, where other zones hold for its trap by now. What is left to do
 * stands in the rows themselves, so that a kill loses nothing, and nothing is missed that was written meanwhile with what
 * was known before.
 *
 * @param defaultZone of traps of which nobody has said any
 * @returns whether there may be more to do
 */
export async function rereadTimes(
  { db, reader }: Pick<Catalog, 'db' | 'reader'>,
  defaultZone: string,
  marksPoints: boolean,
): Promise<boolean> {
  const trapId = await dueTrap(reader);
  if (trapId === undefined) return false;
  await db.transaction().execute(async (tx) => {
    const rereading = await rereadingOf(tx, trapId, defaultZone, marksPoints);
    for (const step of [rereadRuns, rereadSessions, rereadReadings])
      if ((await step(tx, rereading)) > 0) return;
  });
  return true;
}

/** A trap that has sent something which was read by other zones than hold now. */
async function dueTrap(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('traps')
    .select('trap_id')
    .where('zone_revision', '>', 0)
    .where(sql<boolean>`(${sql.join([isDue('runs'), isDue('sessions'), isDue('telemetry')], sql` or `)})`)
    .orderBy('trap_id')
    .limit(1)
    .executeTakeFirst();
  return row?.trap_id;
}

const isDue = (table: 'runs' | 'sessions' | 'telemetry'): RawBuilder<boolean> =>
  sql`exists (select 1 from ${sql.table(table)} t where t.trap_id = traps.trap_id and t.zone_revision < traps.zone_revision)`;
