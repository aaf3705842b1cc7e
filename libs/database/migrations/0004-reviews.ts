import { type Kysely, type Migration, sql } from 'kysely';
import type { EngineTypes } from './engine-types.js';

/** What people said of runs; its meaning stands in `schema.ts`. Each statement may be repeated. */
export const reviews = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    for (const statement of [
      sql`create table if not exists reviews (
        trap_id ${text} not null, run_id ${text} not null, review_id integer not null, verdict ${text} not null,
        label ${text}, taxon ${text}, rank ${text}, taxon_group ${text}, insect integer, undoes integer,
        comment ${text}, by_kind ${text} not null, by_name ${text} not null, at_ms bigint not null,
        model ${text}, model_label ${text},
        constraint reviews_pk primary key (trap_id, run_id, review_id))`,
      sql`create index if not exists reviews_newest on reviews (at_ms desc, trap_id desc, run_id desc, review_id desc)`,
    ])
      await statement.execute(db);
  },
});
