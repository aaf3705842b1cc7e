import { sql } from 'kysely';
import type { EngineTypes } from '../engine-types.js';

/** Accounts of traps, keys and users, and what the catalog knows about itself. */
export const accountTables = ({ text }: EngineTypes) => [
  sql`create table if not exists accounts (
    kind ${text} not null,
    name ${text} not null,
    role ${text} not null,
    secret_sha256 ${text} not null,
    mosquitto_hash ${text},
    traps ${text},
    created_at bigint not null,
    last_used_at bigint,
    constraint accounts_pk primary key (kind, name))`,
  sql`create index if not exists accounts_by_secret on accounts (secret_sha256)`,
  sql`create table if not exists people (
    id ${text} not null,
    name ${text} not null,
    role ${text} not null,
    password_hash ${text} not null,
    generation integer not null,
    disabled integer not null,
    created_at bigint not null,
    last_login_at bigint,
    language ${text},
    traps ${text},
    constraint people_pk primary key (id))`,
  sql`create unique index if not exists people_by_name on people (name)`,
  sql`create table if not exists ended_logins (
    id ${text} not null,
    expires_at bigint not null,
    constraint ended_logins_pk primary key (id))`,
  sql`create table if not exists login_links (
    token_sha256 ${text} not null,
    person_id ${text} not null,
    made_at bigint not null,
    expires_at bigint not null,
    constraint login_links_pk primary key (token_sha256))`,
  sql`create table if not exists catalog_state (
    name ${text} not null,
    value ${text} not null,
    constraint catalog_state_pk primary key (name))`,
];
