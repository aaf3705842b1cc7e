import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { keepPrivate, makeFolder } from '../data-dir/index.js';
import { CATALOG_FILE } from './catalog-copy.js';
import { sqliteDialect } from './engines/sqlite.js';
import { sqliteScanner } from './engines/sqlite-scanner.js';
import { type Engine, migrate } from './migrations.js';
import type { Db } from './schema.js';
import { SharedTransaction } from './shared-transaction.js';

/**
 * Connections to PostgreSQL, and how long a service waits for one statement: who asks over HTTP wants to know soon that
 * there is no answer, and questions that go through much must not keep the others from a connection.
 */
const POSTGRES = {
  write: { max: 6, statementMs: 60_000 },
  read: { max: 4, statementMs: 15_000 },
  scan: { max: 2, statementMs: 600_000 },
};
/** A service tries again by itself, and must not stand still meanwhile. */
const PATIENCE_MS = 250;

const THREAD_FILE = new URL('./engines/scan-thread.js', import.meta.url);

/** Where a catalog is. */
export interface CatalogLocation {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  /** SQLite: how long a statement waits for another process that writes; default 250. Nothing else runs meanwhile. */
  readonly patienceMs?: number;
  /** Opens a catalog that exists and creates none: for commands, whose data folder may be mistyped. */
  readonly mustExist?: boolean;
  /** PostgreSQL: statements take as long as they like. For commands, which have a person who can end them. */
  readonly isUnhurried?: boolean;
  /** SQLite: the compiled scan-thread.js; default: the one beside this file. */
  readonly threadFile?: URL;
}

/** A command was pointed to a folder or a database that holds no catalog. */
export class NoCatalogError extends Error {
  readonly code = 'no-catalog';
}

const hasTables = async (db: Db): Promise<boolean> =>
  (await sql<{ found: boolean }>`select to_regclass('runs') is not null as found`.execute(db)).rows[0]
    ?.found === true;

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
    /** SQLite: for writes that can share a commit. */
    private readonly shared?: SharedTransaction,
  ) {}

  /**
   * Opens the catalog and brings its tables up to date.
   *
   * @param where `databaseUrl` of a PostgreSQL, otherwise `<dataDir>/catalog.sqlite`
   * @throws NoCatalogError where it must exist and does not: nothing was created
   */
  static async open(where: CatalogLocation): Promise<Catalog> {
    const { databaseUrl } = where;
    if (where.mustExist && !databaseUrl && !existsSync(join(where.dataDir, CATALOG_FILE)))
      throw new NoCatalogError(`there is no catalog in ${where.dataDir}: check TRAPLINE_DATA_DIR`);
    if (databaseUrl) return Catalog.postgres(databaseUrl, where);
    const catalog = Catalog.sqlite(where);
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
  }: CatalogLocation): Catalog {
    makeFolder(dataDir);
    const file = join(dataDir, CATALOG_FILE);
    keepPrivate(file);
    const db: Db = new Kysely({ dialect: sqliteDialect(file, 'write', patienceMs) });
    const openReader = (): Db => new Kysely({ dialect: sqliteDialect(file, 'read', patienceMs) });
    const scanner: Db = new Kysely({ dialect: sqliteScanner(file, threadFile, patienceMs) });
    return new Catalog('sqlite', db, openReader(), scanner, openReader, new SharedTransaction(db));
  }

  private static async postgres(
    url: string,
    { isUnhurried = false, mustExist }: CatalogLocation,
  ): Promise<Catalog> {
    // Loaded here: most services have no PostgreSQL, and every command starts faster without it.
    const { openPostgres } = await import('./engines/postgres.js');
    // An index on a large table takes as long as it takes.
    const migrating = openPostgres(url, { max: 1 });
    try {
      if (mustExist && !(await hasTables(migrating)))
        throw new NoCatalogError('there is no catalog in the database of DATABASE_URL: check its name');
      await migrate(migrating as unknown as Kysely<never>, 'postgres');
    } finally {
      await migrating.destroy();
    }
    const open = ({ max, statementMs }: { max: number; statementMs: number }) =>
      openPostgres(url, { max, statementMs: isUnhurried ? undefined : statementMs });
    return new Catalog('postgres', open(POSTGRES.write), open(POSTGRES.read), open(POSTGRES.scan));
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

  /**
   * Writes in a transaction that what comes at the same moment may share: with SQLite every commit costs a sync, and all
   * else in this process waits for it. PostgreSQL gathers commits by itself, and transactions that hold less rarely wait
   * for each other, so that there each has its own.
   *
   * @param work may be done more than once; its failure takes back what it wrote itself, and nothing else
   * @param isUrgent does not wait some milliseconds for others
   */
  inSharedTransaction<T>(
    work: (tx: Db) => Promise<T>,
    { isUrgent = false }: { readonly isUrgent?: boolean } = {},
  ): Promise<T> {
    return this.shared?.execute(work, isUrgent) ?? this.db.transaction().execute(work);
  }

  async close(): Promise<void> {
    await this.scanner.destroy();
    if (this.reader !== this.db) await this.reader.destroy();
    await this.db.destroy();
  }
}
