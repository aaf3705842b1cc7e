import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db } from './schema.js';

/** A server that does not answer must not hold a message for ever: it is tried again. */
const CONNECT_MS = 10_000;
const INT8 = 20;
const FLOAT8 = 701;

// bigint as number: epoch milliseconds and byte counts stay under 2^53
const TYPES = {
  getTypeParser: (oid: number, format?: 'text') =>
    oid === INT8 || oid === FLOAT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** PostgreSQL for Kysely. @param max connections */
export function openPostgres(connectionString: string, max: number): Db {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: TYPES as pg.CustomTypesConfig,
  });
  pool.on('error', () => {}); // an idle connection that breaks is replaced at the next query
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}
