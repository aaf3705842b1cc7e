import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Engine, migrate } from './migrations.js';
import type { Db } from './schema.js';
import { sqliteDialect } from './sqlite.js';

const CONNECTIONS = 6;
/** A service tries again by itself, and must not stand still meanwhile. */
const PATIENCE_MS = 250;
/** A server that does not answer must not hold a message for ever: it is tried again. */
const CONNECT_MS = 10_000;
const INT8 = 20;
const FLOAT8 = 701;

/** Where a catalog is. */
export interface CatalogPlace {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  /** SQLite: how long a statement waits for another process that writes; default 250. Nothing else runs meanwhile. */
  readonly patienceMs?: number;
}

/** The database of runs, crops and everything known of them: SQLite in the data folder, or PostgreSQL. */
export class Catalog {
  private constructor(
    readonly engine: Engine,
    /** For everything that writes. With SQLite its transactions run one after the other. */
    readonly db: Db,
    /** For lists and look-ups that must not wait for a writer. */
    readonly reader: Db,
  ) {}

  /**
   * Opens the catalog and brings its tables up to date.
   *
   * @param where `databaseUrl` of a PostgreSQL, otherwise `<dataDir>/catalog.sqlite`
   */
  static async open(where: CatalogPlace): Promise<Catalog> {
    const catalog = where.databaseUrl
      ? Catalog.postgres(where.databaseUrl)
      : Catalog.sqlite(where.dataDir, where.patienceMs ?? PATIENCE_MS);
    try {
      await migrate(catalog.db as unknown as Kysely<never>, catalog.engine);
      return catalog;
    } catch (error) {
      await catalog.close();
      throw error;
    }
  }

  private static sqlite(dataDir: string, patienceMs: number): Catalog {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const file = join(dataDir, 'catalog.sqlite');
    const db: Db = new Kysely({ dialect: sqliteDialect(file, 'write', patienceMs) });
    return new Catalog('sqlite', db, new Kysely({ dialect: sqliteDialect(file, 'read', patienceMs) }));
  }

  private static postgres(connectionString: string): Catalog {
    // bigint as number: epoch milliseconds and byte counts stay under 2^53
    const types = {
      getTypeParser: (oid: number, format?: 'text') =>
        oid === INT8 || oid === FLOAT8 ? Number : pg.types.getTypeParser(oid, format),
    };
    const pool = new pg.Pool({
      connectionString,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      types: types as pg.CustomTypesConfig,
    });
    pool.on('error', () => {}); // an idle connection that breaks is replaced at the next query
    const db: Db = new Kysely({ dialect: new PostgresDialect({ pool }) });
    return new Catalog('postgres', db, db);
  }

  async close(): Promise<void> {
    if (this.reader !== this.db) await this.reader.destroy();
    await this.db.destroy();
  }
}
