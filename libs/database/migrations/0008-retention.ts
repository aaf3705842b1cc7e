import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';
import type { EngineTypes } from './engine-types.js';

/** What retention needs to remove pictures, and to know that it may; `schema.ts` says what it means. Each statement may be repeated. */
export const retention = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    await addColumns(db, 'runs', { removed_at: sql`bigint` });
    for (const statement of [
      sql`create table if not exists removals (
        trap_id ${text} not null, run_id ${text} not null, crop_id ${text} not null,
        constraint removals_pk primary key (trap_id, run_id, crop_id))`,
      sql`create table if not exists retention_rounds (
        at_ms bigint not null, older_than_ms bigint, free_bytes bigint, runs integer not null, crops integer not null,
        bytes bigint not null, constraint retention_rounds_pk primary key (at_ms))`,
      sql`create table if not exists catalog_state (
        name ${text} not null, value ${text} not null, constraint catalog_state_pk primary key (name))`,
    ])
      await statement.execute(db);
  },
});
