import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../libs/database/index.js';
import { offsetChanges } from '../../libs/domain/index.js';

/** What a run's clock was ahead of UTC where nobody has said: by the zone of its trap at that time. */
async function zonesOf(db: Db, defaultZone: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('traps')
    .select('time_zone')
    .distinct()
    .where('time_zone', 'is not', null)
    .execute();
  return [...new Set([defaultZone, ...rows.map((row) => row.time_zone as string)])];
}

/**
 * Milliseconds since 1970 by the clock of a run's trap, as SQL on `runs`: with the offset that the run was sent with, else
 * by the zone of its trap, else by the default zone.
 */
export async function localClock(db: Db, defaultZone: string, untilMs: number): Promise<RawBuilder<number>> {
  const zones = await zonesOf(db, defaultZone);
  const [first = 'UTC'] = zones;
  const zone = sql`coalesce((select t.time_zone from traps t where t.trap_id = runs.trap_id), ${sql.lit(first)})`;
  const cases = zones.map((each) => sql`when ${sql.lit(each)} then ${offsetIn(each, untilMs)}`);
  const offsetMin = sql`coalesce(runs.start_offset_min, case ${zone} ${sql.join(cases, sql` `)} else 0 end)`;
  return sql<number>`(runs.at_ms + ${offsetMin} * 60000)`;
}

/** A zone's offset as a case per change of its clocks, the latest first. */
function offsetIn(zone: string, untilMs: number): RawBuilder<unknown> {
  const changes = offsetChanges(zone, YEAR_2000_MS, untilMs).toReversed();
  const earliest = changes.pop();
  const cases = changes.map(
    ({ fromMs, offsetMin }) => sql`when runs.at_ms >= ${sql.lit(fromMs)} then ${sql.lit(offsetMin)}`,
  );
  const otherwise = sql.lit(earliest?.offsetMin ?? 0);
  return cases.length ? sql`(case ${sql.join(cases, sql` `)} else ${otherwise} end)` : otherwise;
}

/** Before it no clock is believed. */
const YEAR_2000_MS = Date.UTC(2000, 0, 1);
