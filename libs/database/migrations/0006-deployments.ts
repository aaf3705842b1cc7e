import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';
import type { EngineTypes } from './engine-types.js';

/** Where traps stood, and what editors say of traps; their meaning stands in `schema.ts`. Each statement may be repeated. */
export const deployments = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    const real = sql`double precision`;
    await sql`create table if not exists deployments (
      trap_id ${text} not null, deployment_id ${text} not null, start_ms bigint, end_ms bigint,
      said_by ${text} not null, name ${text}, location_id ${text}, latitude ${real}, longitude ${real},
      uncertainty_m integer, time_zone ${text}, set_up_by ${text}, camera_height_m ${real},
      camera_tilt_deg integer, camera_heading_deg integer, habitat ${text}, bait integer, notes ${text},
      constraint deployments_pk primary key (trap_id, deployment_id))`.execute(db);
    await addColumns(db, 'traps', { notes: text, set_by_editor: text });
    // Where a trap has said that it stands, it has stood for all that is known.
    await sql`insert into deployments (trap_id, deployment_id, said_by, latitude, longitude)
      select trap_id, 'd1', 'trap', latitude, longitude from traps
      where latitude is not null and longitude is not null
        and not exists (select 1 from deployments d where d.trap_id = traps.trap_id)`.execute(db);
  },
});
