import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Engine, migrate } from './migrations.js';
import type { Db } from './schema.js';
import { sqliteDialect } from './sqlite.js';
import { sqliteScanner } from './sqlite-scanner.js';

const CONNECTIONS = 6;
/** Questions that go through much must not keep the others from a connection. */
const SCANNER_CONNECTIONS = 2;
/** A service tries again by itself, and must not stand still meanwhile. */
const PATIENCE_MS = 250;
/** A server that does not answer must not hold a message for ever: it is tried again. */
const CONNECT_MS = 10_000;
const INT8 = 20;
const FLOAT8 = 701;

const THREAD_FILE = new URL('./scan-thread.js', import.meta.url);

/** Where a catalog is. */
export interface CatalogPlace {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  /** SQLite: how long a statement waits for another process that writes; default 250. Nothing else runs meanwhile. */
  readonly patienceMs?: number;
  /** SQLite: the compiled scan-thread.js; default: the one beside this file. */
  readonly threadFile?: URL;
}

/** The database of runs, crops and everything known of them: SQLite in the data folder, or PostgreSQL. */
export class Catalog {
  private constructor(
    readonly engine: Engine,
    /** For everything that writes. With SQLite its transactions run one after the other. */
    readonly db: Db,
    /** For lists and look-ups that must not wait for a writer. */
    readonly reader: Db,
    /**
     * For questions that go through much: counts, and lists by what has no index. With SQLite in a thread of its own,
     * statement by statement; nobody but those who ask waits.
     */
    readonly scanner: Db,
    /** SQLite: one more connection that reads. */
    private readonly openReader?: () => Db,
  ) {}

  /**
   * Opens the catalog and brings its tables up to date.
   *
   * @param where `databaseUrl` of a PostgreSQL, otherwise `<dataDir>/catalog.sqlite`
   */
  static async open(where: CatalogPlace): Promise<Catalog> {
    const catalog = where.databaseUrl ? Catalog.postgres(where.databaseUrl) : Catalog.sqlite(where);
    try {
      await migrate(catalog.db as unknown as Kysely<never>, catalog.engine);
      return catalog;
    } catch (error) {
      await catalog.close();
      throw error;
    }
  }

  private static sqlite({
    dataDir,
    patienceMs = PATIENCE_MS,
    threadFile = THREAD_FILE,
  }: CatalogPlace): Catalog {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const file = join(dataDir, 'catalog.sqlite');
    const db: Db = new Kysely({ dialect: sqliteDialect(file, 'write', patienceMs) });
    const openReader = (): Db => new Kysely({ dialect: sqliteDialect(file, 'read', patienceMs) });
    const scanner: Db = new Kysely({ dialect: sqliteScanner(file, threadFile, patienceMs) });
    return new Catalog('sqlite', db, openReader(), scanner, openReader);
  }

  private static postgres(connectionString: string): Catalog {
    // bigint as number: epoch milliseconds and byte counts stay under 2^53
    const types = {
      getTypeParser: (oid: number, format?: 'text') =>
        oid === INT8 || oid === FLOAT8 ? Number : pg.types.getTypeParser(oid, format),
    };
    const open = (max: number): Db => {
      const pool = new pg.Pool({
        connectionString,
        max,
        connectionTimeoutMillis: CONNECT_MS,
        keepAlive: true,
        types: types as pg.CustomTypesConfig,
      });
      pool.on('error', () => {}); // an idle connection that breaks is replaced at the next query
      return new Kysely({ dialect: new PostgresDialect({ pool }) });
    };
    const db = open(CONNECTIONS);
    return new Catalog('postgres', db, db, open(SCANNER_CONNECTIONS));
  }

  /**
   * Reads at leisure what the catalog says at one moment, whatever is written meanwhile: page by page, and no run is
   * missed or comes twice because it was moved.
   */
  async atOneMoment<T>(read: (db: Db) => Promise<T>): Promise<T> {
    if (!this.openReader)
      return this.db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(read);
    // A connection of its own: nobody else has to wait until this is over.
    const reader = this.openReader();
    try {
      return await reader.transaction().execute(read);
    } finally {
      await reader.destroy();
    }
  }

  async close(): Promise<void> {
    await this.scanner.destroy();
    if (this.reader !== this.db) await this.reader.destroy();
    await this.db.destroy();
  }
}
