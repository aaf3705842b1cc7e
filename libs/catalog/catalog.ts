import { join } from 'node:path';
import { Kysely } from 'kysely';
import { makeFolder } from './make-folder.js';
import { type Engine, migrate } from './migrations.js';
import { keepPrivate } from './private-file.js';
import type { Db } from './schema.js';
import { sqliteDialect } from './sqlite.js';
import { sqliteScanner } from './sqlite-scanner.js';

const CONNECTIONS = 6;
/** Questions that go through much must not keep the others from a connection. */
const SCANNER_CONNECTIONS = 2;
/** A service tries again by itself, and must not stand still meanwhile. */
const PATIENCE_MS = 250;

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
    const catalog = where.databaseUrl ? await Catalog.postgres(where.databaseUrl) : Catalog.sqlite(where);
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
    makeFolder(dataDir);
    const file = join(dataDir, 'catalog.sqlite');
    keepPrivate(file);
    const db: Db = new Kysely({ dialect: sqliteDialect(file, 'write', patienceMs) });
    const openReader = (): Db => new Kysely({ dialect: sqliteDialect(file, 'read', patienceMs) });
    const scanner: Db = new Kysely({ dialect: sqliteScanner(file, threadFile, patienceMs) });
    return new Catalog('sqlite', db, openReader(), scanner, openReader);
  }

  private static async postgres(connectionString: string): Promise<Catalog> {
    // Loaded here: most services have no PostgreSQL, and every command starts faster without it.
    const { openPostgres } = await import('./postgres.js');
    const db = openPostgres(connectionString, CONNECTIONS);
    return new Catalog('postgres', db, db, openPostgres(connectionString, SCANNER_CONNECTIONS));
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
