import { type Kysely, type Migration, sql } from 'kysely';
import type { EngineTypes } from './engine-types.js';

/** What was deleted for good, and why; `schema.ts` says what it means. */
export const deletions = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    await sql`create table if not exists deletions (
      trap_id ${text} not null,
      run_id ${text} not null,
      crop_id ${text} not null,
      reason ${text} not null,
      by_kind ${text} not null,
      by_name ${text} not null,
      at_ms bigint not null,
      files ${text},
      primary key (trap_id, run_id, crop_id)
    )`.execute(db);
    await sql`create index if not exists deletions_by_time on deletions (at_ms, trap_id, run_id, crop_id)`.execute(
      db,
    );
    await sql`create index if not exists deletions_with_files on deletions (trap_id, run_id, crop_id) where files is not null`.execute(
      db,
    );
  },
});
