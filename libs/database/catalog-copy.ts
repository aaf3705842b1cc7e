import { join } from 'node:path';
import { Kysely } from 'kysely';
import { sqliteDialect } from './engines/sqlite.js';
import { migrate } from './migrations.js';
import type { Db } from './schema.js';

/** What the catalog is called in its data folder, and in a backup. */
export const CATALOG_FILE = 'catalog.sqlite';

/** Nobody else has it. */
const PATIENCE_MS = 0;

/** A catalog that only its owner has: a copy in a backup, or one that is to be restored. One file, without a journal beside it. */
export interface CatalogCopy {
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens such a catalog and brings its tables up to date.
 *
 * @param folder holds `catalog.sqlite`; made where there is none
 */
export async function openCopy(folder: string): Promise<CatalogCopy> {
  const db: Db = new Kysely({ dialect: sqliteDialect(join(folder, CATALOG_FILE), 'copy', PATIENCE_MS) });
  try {
    await migrate(db as unknown as Kysely<never>, 'sqlite');
    return { db, close: () => db.destroy() };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
