import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';
import type { EngineTypes } from './engine-types.js';

/** `placeInTime` without a time; the number stands here, since migrations never change. */
const UNKNOWN_MS = sql.lit(100_000_000_000_000);

/**
 * Runs whose time is unknown leave the hours and days of their receipt; where true times come from, and who said them;
 * first sightings by taxon. What it means stands in `schema.ts`. Each statement may be repeated.
 */
export const time = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    for (const table of ['runs', 'sessions'])
      await addColumns(db, table, { clock_shift_ms: sql`bigint`, time_from: text });
    await addColumns(db, 'sessions', { time_due: sql`integer not null default 0` });
    for (const statement of [
      sql`create table if not exists time_corrections (
        trap_id ${text} not null, kind ${text} not null, item ${text} not null, correction_id integer not null,
        start_ms bigint, comment ${text}, by_kind ${text} not null, by_name ${text} not null, at_ms bigint not null,
        constraint time_corrections_pk primary key (trap_id, kind, item, correction_id))`,
      sql`create table if not exists first_sightings (
        id ${text} not null, trap_id ${text} not null, taxon ${text} not null, rank ${text}, taxon_group ${text},
        kind ${text} not null, run_id ${text} not null, at_ms bigint not null, last_before_ms bigint,
        first_anywhere integer not null, state ${text} not null, announced integer not null, reason ${text},
        noted_at bigint not null, changed_at bigint not null,
        constraint first_sightings_pk primary key (id))`,
      sql`create table if not exists sightings_due (
        trap_id ${text} not null, taxon ${text} not null, run_id ${text} not null, news integer not null,
        constraint sightings_due_pk primary key (trap_id, taxon, run_id))`,
      sql`create index if not exists first_sightings_newest on first_sightings (at_ms desc, id desc)`,
      sql`create index if not exists first_sightings_of_taxon on first_sightings (trap_id, taxon, at_ms)`,
      sql`create index if not exists first_sightings_of_run on first_sightings (trap_id, run_id)`,
      sql`create index if not exists runs_sightings on runs (trap_id, taxon, at_ms) where insect = 1 and unsure = 0`,
      sql`create index if not exists runs_time_unknown on runs (trap_id, session_id) where at_ms < 0`,
      sql`create index if not exists runs_of_session on runs (trap_id, session_id) where session_id is not null`,
      sql`create index if not exists sessions_time_due on sessions (trap_id, session_id) where time_due = 1`,
      // InfluxDB has points of these runs at their receipt: the sender takes them back.
      sql`insert into points (kind, trap_id, item, seq)
        select distinct 'run', runs.trap_id, runs.run_id, 0 from runs
        join points_sent on points_sent.trap_id = runs.trap_id and points_sent.run_id = runs.run_id
        where runs.clock_suspect = 1 and runs.at_ms >= 0
        on conflict (kind, trap_id, item) do nothing`,
      sql`update runs set at_ms = first_received_at - ${UNKNOWN_MS} where clock_suspect = 1 and at_ms >= 0`,
    ])
      await statement.execute(db);
  },
});
