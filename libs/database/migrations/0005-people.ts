import { type Kysely, type Migration, sql } from 'kysely';
import type { EngineTypes } from './engine-types.js';

/** The tables of people; their meaning stands in `schema.ts`. Each statement may be repeated. */
export const people = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    for (const statement of [
      sql`create table if not exists people (
        id ${text} not null, name ${text} not null, role ${text} not null, password_hash ${text} not null,
        generation integer not null, disabled integer not null, created_at bigint not null,
        last_login_at bigint, constraint people_pk primary key (id))`,
      sql`create table if not exists ended_logins (
        id ${text} not null, expires_at bigint not null, constraint ended_logins_pk primary key (id))`,
      sql`create unique index if not exists people_by_name on people (name)`,
    ])
      await statement.execute(db);
  },
});
