import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';

/**
 * Pictures that are damaged on the disk, manifests in several parts, and the order in which crops are classified;
 * `schema.ts` says what it means. Each statement may be repeated.
 */
export const storage = (): Migration => ({
  async up(db: Kysely<never>) {
    await addColumns(db, 'crops', { damaged_at: sql`bigint`, visit_ms: sql`bigint` });
    await addColumns(db, 'runs', { manifest_parts: sql`integer` });
    for (const statement of [
      sql`update crops set visit_ms = received_at where stage <> 'done' and visit_ms is null`,
      sql`create index if not exists crops_damaged on crops (damaged_at) where damaged_at is not null`,
      sql`create index if not exists crops_to_classify on crops (turn, trap_id, visit_ms) where stage = 'waiting'`,
      sql`drop index if exists crops_waiting`,
    ])
      await statement.execute(db);
  },
});
