import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Db } from '../schema.js';
import { DatabaseAwayError, isUnavailable } from '../unavailable.js';

/** A server that does not answer must not hold a message for ever: it is tried again. */
const CONNECT_MS = 10_000;
/** Connections outlive the pauses between two runs of a trap; a busy service makes no new ones. */
const IDLE_MS = 60_000;
/** So much longer than the server's own limit: a connection that is silent by then is dead. */
const GRACE_MS = 5_000;
/** A server frees the locks of a service that has vanished after about a minute, instead of two hours. */
const NOTICE_VANISHED_CLIENT =
  'set tcp_keepalives_idle=30; set tcp_keepalives_interval=10; set tcp_keepalives_count=3; set tcp_user_timeout=60000';
const INT8 = 20;
const FLOAT8 = 701;

// bigint as number: epoch milliseconds and byte counts stay under 2^53
const TYPES = {
  getTypeParser: (oid: number, format?: 'text') =>
    oid === INT8 || oid === FLOAT8 ? Number : pg.types.getTypeParser(oid, format),
};

interface PostgresOptions {
  /** Connections. */
  readonly max: number;
  /** How long one statement may take until it counts as failed. Default: as long as it likes. */
  readonly statementMs?: number | undefined;
}

/**
 * PostgreSQL for Kysely. Whatever becomes of the server, a statement is answered or rejects with an error that
 * `isUnavailable` knows, and the next one gets a connection that works.
 */
export function openPostgres(connectionString: string, { max, statementMs }: PostgresOptions): Db {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    types: TYPES as pg.CustomTypesConfig,
    Client: HeardClient,
    ...(statementMs && { query_timeout: statementMs + GRACE_MS }),
    onConnect: async (client) => {
      // Not as parameters of the start-up packet: PgBouncer refuses those.
      if (statementMs) await client.query(`set statement_timeout=${statementMs}`);
      await client.query(NOTICE_VANISHED_CLIENT).catch((error: unknown) => {
        // Not every system has all of these settings.
        if (!(error instanceof pg.DatabaseError)) throw error;
      });
    },
  });
  pool.on('error', () => {}); // an idle connection that breaks is replaced at the next query
  return new Kysely({ dialect: new PostgresDialect({ pool: new Connections(pool) }) });
}

/**
 * A connection tells of its end by an event, also while it is handed out and its query rejects anyway: without a
 * listener that event would end the process.
 */
class HeardClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}

class Connections implements PostgresPool {
  constructor(private readonly pool: pg.Pool) {}

  async connect(): Promise<PostgresPoolClient> {
    try {
      // Kysely's type has cursors as well, which nobody here uses.
      return new Connection(await this.pool.connect()) as unknown as PostgresPoolClient;
    } catch (error) {
      throw asCatalogError(error);
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}

/** A connection while it is handed out. */
class Connection {
  /** Why it is not used again. */
  private broken: Error | undefined;

  constructor(private readonly client: pg.PoolClient) {}

  async query(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    // A rollback on a dead connection would wait, and hide what went wrong first. The server rolls back by itself.
    if (this.broken) throw this.broken;
    try {
      return await this.client.query(sql, parameters as unknown[]);
    } catch (error) {
      const known = asCatalogError(error);
      if (isOfConnection(known)) this.broken = known;
      throw known;
    }
  }

  release(): void {
    // After a failover a connection may lead to a server that has become read-only: no second query finds it.
    this.client.release(this.broken);
  }
}

/** What is no answer of the server says that it could not be asked. */
function asCatalogError(error: unknown): Error {
  return error instanceof pg.DatabaseError || error instanceof TypeError
    ? error
    : new DatabaseAwayError(error as Error);
}

/** A collision of two transactions is over with the transaction; what else makes a server unusable may last. */
const isOfConnection = (error: Error): boolean =>
  isUnavailable(error) && !/^(40|55|57014)/.test((error as { code?: string }).code ?? '');
