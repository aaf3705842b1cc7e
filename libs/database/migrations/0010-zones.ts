import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';
import type { EngineTypes } from './engine-types.js';

interface Said {
  readonly trap_id: string;
  readonly time_zone: string | null;
  readonly info: string;
  readonly set_by_editor: string | null;
}

/**
 * Which zone a trap's times without one were read in; `schema.ts` says what it means. What is there stays as it was read
 * until a zone is said again. Each statement may be repeated.
 */
export const zones = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    await addColumns(db, 'traps', { own_zone: text, zone_revision: sql`integer not null default 0` });
    // Of what is there, nobody knows which texts had a zone: 0 has all of them looked at, once there is a reason.
    for (const table of ['runs', 'sessions', 'telemetry'])
      await addColumns(db, table, { zone_revision: sql`integer default 0` });
    const { rows } = await sql<Said>`select trap_id, time_zone, info, set_by_editor from traps
      where own_zone is null`.execute(db);
    for (const trap of rows) {
      const zone = ownZoneOf(trap);
      if (zone !== null)
        await sql`update traps set own_zone = ${zone} where trap_id = ${trap.trap_id}`.execute(db);
    }
    for (const statement of [
      sql`create index if not exists runs_read_in_zone on runs (trap_id, zone_revision) where zone_revision is not null`,
      sql`create index if not exists sessions_read_in_zone on sessions (trap_id, zone_revision) where zone_revision is not null`,
      sql`create index if not exists telemetry_read_in_zone on telemetry (trap_id, zone_revision, at_ms) where zone_revision is not null`,
    ])
      await statement.execute(db);
  },
});

/** An editor's word is in the row itself; what the trap said may be hidden there by the zone of a deployment. */
function ownZoneOf({ time_zone, info, set_by_editor }: Said): string | null {
  if ((JSON.parse(set_by_editor ?? '[]') as string[]).includes('time_zone')) return time_zone;
  const { timeZone } = JSON.parse(info) as { timeZone?: unknown };
  return typeof timeZone === 'string' ? timeZone : time_zone;
}
