import { sql } from 'kysely';
import type { EngineTypes } from '../engine-types.js';

/** What pages follow: long work and its progress, and what has changed lately. */
export const progressTables = ({ text }: EngineTypes) => [
  sql`create table if not exists jobs (
    id ${text} not null,
    kind ${text} not null,
    title ${text} not null,
    state ${text} not null,
    done bigint,
    total bigint,
    unit ${text},
    by_name ${text},
    message ${text},
    cancel_requested integer not null,
    started_at bigint not null,
    changed_at bigint not null,
    ended_at bigint,
    constraint jobs_pk primary key (id))`,
  sql`create index if not exists jobs_by_start on jobs (started_at)`,
  sql`create table if not exists changes (
    seq bigint not null,
    kind ${text} not null,
    trap_id ${text} not null,
    item ${text} not null,
    state ${text} not null,
    constraint changes_pk primary key (seq, kind, trap_id, item))`,
];
