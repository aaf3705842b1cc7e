import { type Kysely, type Migration, sql } from 'kysely';
import type { EngineTypes } from './engine-types.js';

/** The tables behind the time series; their meaning stands in `schema.ts`. Each statement may be repeated. */
export const points = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    for (const statement of [
      sql`create table if not exists points (
        kind ${text} not null, trap_id ${text} not null, item ${text} not null, seq bigint not null,
        constraint points_pk primary key (kind, trap_id, item))`,
      sql`create table if not exists points_sent (
        trap_id ${text} not null, run_id ${text} not null, series ${text} not null, at_ns ${text} not null,
        seq bigint not null, stale integer not null,
        constraint points_sent_pk primary key (trap_id, run_id, series, at_ns))`,
      sql`create table if not exists point_state (
        name ${text} not null, value ${text} not null, constraint point_state_pk primary key (name))`,
      sql`create table if not exists trap_events (
        trap_id ${text} not null, kind ${text} not null, item ${text} not null, at_ms bigint not null,
        text ${text} not null, constraint trap_events_pk primary key (trap_id, kind, item))`,
      sql`create index if not exists points_oldest on points (seq)`,
      sql`create index if not exists points_sent_stale on points_sent (trap_id, run_id) where stale = 1`,
      sql`create index if not exists observations_of_trap on observations (trap_id, label)`,
      // Nothing of the past has been marked yet.
      sql`insert into point_state (name, value) values ('past', '{"sinceMs":0}') on conflict do nothing`,
    ])
      await statement.execute(db);
  },
});
