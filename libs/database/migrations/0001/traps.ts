import { sql } from 'kysely';
import type { EngineTypes } from '../engine-types.js';

/** Traps, where they stand, when they record, and what they report about themselves. */
export const trapTables = ({ text }: EngineTypes) => [
  sql`create table if not exists traps (
    trap_id ${text} not null,
    name ${text},
    time_zone ${text},
    own_zone ${text},
    zone_revision integer not null default 0,
    latitude double precision,
    longitude double precision,
    info ${text} not null,
    state ${text},
    status ${text},
    state_at bigint,
    notes ${text},
    set_by_editor ${text},
    first_seen_at bigint not null,
    last_message_at bigint,
    removed_at bigint,
    constraint traps_pk primary key (trap_id))`,

  sql`create table if not exists deployments (
    trap_id ${text} not null,
    deployment_id ${text} not null,
    start_ms bigint,
    end_ms bigint,
    source ${text} not null,
    name ${text},
    location_id ${text},
    latitude double precision,
    longitude double precision,
    uncertainty_m integer,
    time_zone ${text},
    set_up_by ${text},
    camera_height_m double precision,
    camera_tilt_deg integer,
    camera_heading_deg integer,
    habitat ${text},
    bait integer,
    notes ${text},
    constraint deployments_pk primary key (trap_id, deployment_id))`,

  sql`create table if not exists sessions (
    trap_id ${text} not null,
    session_id ${text} not null,
    start_ms bigint,
    end_ms bigint,
    offset_min integer,
    minutes double precision,
    clock_suspect integer not null,
    clock_shift_ms bigint,
    time_from ${text},
    time_due integer not null default 0,
    zone_revision integer default 0,
    payload ${text} not null,
    received_at bigint not null,
    constraint sessions_pk primary key (trap_id, session_id))`,
  sql`create index if not exists sessions_time_due on sessions (trap_id, session_id) where time_due = 1`,
  sql`create index if not exists sessions_read_in_zone on sessions (trap_id, zone_revision)
    where zone_revision is not null`,

  sql`create table if not exists telemetry (
    trap_id ${text} not null,
    at_ms bigint not null,
    clock_suspect integer not null,
    zone_revision integer default 0,
    payload ${text} not null,
    received_at bigint not null,
    constraint telemetry_pk primary key (trap_id, at_ms))`,
  sql`create index if not exists telemetry_read_in_zone on telemetry (trap_id, zone_revision, at_ms)
    where zone_revision is not null`,

  sql`create table if not exists time_corrections (
    trap_id ${text} not null,
    kind ${text} not null,
    item ${text} not null,
    correction_id integer not null,
    start_ms bigint,
    comment ${text},
    by_kind ${text} not null,
    by_name ${text} not null,
    at_ms bigint not null,
    constraint time_corrections_pk primary key (trap_id, kind, item, correction_id))`,

  sql`create table if not exists trap_events (
    trap_id ${text} not null,
    kind ${text} not null,
    item ${text} not null,
    at_ms bigint not null,
    text ${text} not null,
    constraint trap_events_pk primary key (trap_id, kind, item))`,

  sql`create table if not exists trap_visits (
    trap_id ${text} not null,
    visit_id ${text} not null,
    at_ms bigint not null,
    what ${text} not null,
    text ${text},
    by_name ${text} not null,
    constraint trap_visits_pk primary key (trap_id, visit_id))`,
];
