import { sql } from 'kysely';
import type { EngineTypes } from '../engine-types.js';

/** What waits to be sent, what is retained, and what was rejected. */
export const messageTables = ({ blob, text }: EngineTypes) => [
  sql`create table if not exists outbox (
    kind ${text} not null,
    key ${text} not null,
    seq bigint not null,
    topic ${text} not null,
    retain integer not null,
    payload ${text} not null,
    constraint outbox_pk primary key (kind, key))`,
  sql`create index if not exists outbox_oldest on outbox (seq)`,
  sql`create table if not exists retained (
    topic ${text} not null,
    payload ${text} not null,
    constraint retained_pk primary key (topic))`,

  sql`create table if not exists points (
    kind ${text} not null,
    trap_id ${text} not null,
    item ${text} not null,
    seq bigint not null,
    waiting integer not null,
    sent ${text},
    stale ${text},
    constraint points_pk primary key (kind, trap_id, item))`,
  sql`create index if not exists points_oldest on points (seq) where waiting = 1`,
  sql`create index if not exists points_stale on points (trap_id, item) where stale is not null`,
  sql`create table if not exists point_state (
    name ${text} not null,
    value ${text} not null,
    constraint point_state_pk primary key (name))`,
  // Nothing of the past is queued yet.
  sql`insert into point_state (name, value) values ('past', '{"sinceMs":0}') on conflict do nothing`,

  sql`create table if not exists dead_letters (
    id ${text} not null,
    topic ${text} not null,
    client ${text},
    trap_id ${text},
    run_id ${text},
    crop_id ${text},
    code ${text} not null,
    field ${text},
    message ${text} not null,
    size integer not null,
    sha256 ${text} not null,
    bytes ${blob},
    times integer not null,
    first_at bigint not null,
    last_at bigint not null,
    constraint dead_letters_pk primary key (id))`,
  sql`create index if not exists dead_letters_newest on dead_letters (last_at desc, id desc)`,
  sql`create index if not exists dead_letters_of_run on dead_letters (trap_id, run_id, crop_id)`,
];
