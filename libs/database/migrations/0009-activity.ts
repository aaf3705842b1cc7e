import { type Kysely, type Migration, sql } from 'kysely';
import type { EngineTypes } from './engine-types.js';

/** What was unusual, hour by hour and as episodes; their meaning stands in `schema.ts`. Each statement may be repeated. */
export const activity = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    const real = sql`double precision`;
    for (const statement of [
      sql`create table if not exists activity_hours (
        trap_id ${text} not null, taxon_group ${text} not null, hour bigint not null, start_ms bigint not null,
        visits integer not null, effort_min ${real} not null, state ${text} not null, expected ${real},
        upper integer, score ${real}, p_high ${real}, p_low ${real}, days integer, alarm integer not null,
        constraint activity_hours_pk primary key (trap_id, taxon_group, hour))`,
      sql`create table if not exists episodes (
        id ${text} not null, trap_id ${text} not null, taxon_group ${text} not null, first_hour bigint not null,
        last_hour bigint not null, start_ms bigint not null, end_ms bigint not null, state ${text} not null,
        reason ${text}, evidence ${text} not null, opened_at bigint not null, changed_at bigint not null,
        constraint episodes_pk primary key (id))`,
      sql`create index if not exists activity_hours_newest on activity_hours (start_ms desc, trap_id desc, taxon_group desc)`,
      sql`create index if not exists activity_hours_of_trap on activity_hours (trap_id, start_ms desc, taxon_group desc)`,
      sql`create index if not exists episodes_newest on episodes (start_ms desc, id desc)`,
      sql`create index if not exists episodes_of_trap on episodes (trap_id, taxon_group, last_hour)`,
    ])
      await statement.execute(db);
  },
});
