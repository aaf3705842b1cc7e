import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { CatalogLocation } from './catalog.js';
import { CATALOG_FILE } from './catalog-copy.js';
import { sqliteDialect } from './engines/sqlite.js';
import { type Engine, migrationState } from './migrations.js';
import type { Db } from './schema.js';

const PATIENCE_MS = 5_000;

/** A catalog as it is, to be looked at. */
export interface ReadOnlyCatalog {
  readonly engine: Engine;
  readonly db: Db;
  /** Changes of its tables that this version expects and that are not made, and those that it does not know. */
  readonly tables: Awaited<ReturnType<typeof migrationState>>;
  close(): Promise<void>;
}

/**
 * Opens a catalog without changing anything: no file is made, no table brought up to date.
 *
 * @throws where there is none, or it cannot be read
 */
export async function openReadOnly({ dataDir, databaseUrl }: CatalogLocation): Promise<ReadOnlyCatalog> {
  const engine = databaseUrl ? 'postgres' : 'sqlite';
  const db = databaseUrl ? await openServer(databaseUrl) : openFile(join(dataDir, CATALOG_FILE));
  try {
    const tables = await migrationState(db as unknown as Kysely<never>, engine);
    return { engine, db, tables, close: () => db.destroy() };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function openFile(file: string): Db {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  return new Kysely({ dialect: sqliteDialect(file, 'look', PATIENCE_MS) });
}

async function openServer(databaseUrl: string): Promise<Db> {
  const { openPostgres } = await import('./engines/postgres.js');
  return openPostgres(databaseUrl, { max: 1 });
}
