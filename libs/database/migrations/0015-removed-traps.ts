import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';

/**
 * When the account of a trap was removed, and no places from receivers without a fix: earlier versions took 0/0 from traps.
 * What an editor has said stays. Each statement may be repeated.
 */
export const removedTraps = (): Migration => ({
  async up(db: Kysely<never>) {
    await addColumns(db, 'traps', { removed_at: sql`bigint` });
    const noFix = sql`abs(latitude) < 0.0001 and abs(longitude) < 0.0001`;
    await sql`update traps set latitude = null, longitude = null where ${noFix} and exists (
      select 1 from deployments d where d.trap_id = traps.trap_id and d.said_by = 'trap'
        and d.latitude = traps.latitude and d.longitude = traps.longitude)`.execute(db);
    await sql`update deployments set latitude = null, longitude = null
      where ${noFix} and said_by = 'trap'`.execute(db);
  },
});
