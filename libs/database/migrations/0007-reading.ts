import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Indexes for lists that editors narrow in more than one way, and one that holds all that a count needs: it is read
 * from end to end instead of the runs. A run comes into it with its verdict, so that crops cost no more than before.
 * Each statement may be repeated.
 */
export const reading = (): Migration => ({
  async up(db: Kysely<never>) {
    for (const statement of [
      // One text of both: with two columns, SQLite prefers the index of the trap alone once a time has two ends.
      sql`create index if not exists runs_of_trap_label on runs ((trap_id || '/' || label), at_ms desc, trap_id desc, run_id desc)`,
      sql`create index if not exists runs_of_trap_insects on runs (trap_id, at_ms desc, run_id desc) where insect = 1`,
      sql`create index if not exists runs_insects on runs (at_ms desc, trap_id desc, run_id desc) where insect = 1`,
      sql`create index if not exists runs_unsure on runs (at_ms desc, trap_id desc, run_id desc) where unsure = 1`,
      sql`create index if not exists runs_reviewed on runs (at_ms desc, trap_id desc, run_id desc) where reviewed = 1`,
      sql`create index if not exists runs_counted on runs (at_ms, trap_id, label, insect, start_offset_min, stored_crops,
        unsure, taxon, taxon_group, reviewed, probability) where label is not null`,
    ])
      await statement.execute(db);
  },
});
