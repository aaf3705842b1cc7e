import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { sql } from 'kysely';
import { Catalog, type CatalogPlace } from './catalog.js';
import { CATALOG_FILE, openCopy } from './catalog-copy.js';
import { copyTables } from './copy-tables.js';
import type { Db } from './schema.js';

/** SQLite in use waits this long for a moment to read. */
const PATIENCE_MS = 30_000;

/**
 * Copies the catalog as it is at one moment into `<folder>/catalog.sqlite`, while others write to it and do not wait.
 * PostgreSQL is copied into SQLite too: one format, which either engine can be made of again.
 *
 * @param folder made if need be; has no catalog yet
 */
export async function takeSnapshot(place: CatalogPlace, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (existsSync(join(folder, CATALOG_FILE))) throw new Error(`${folder} has a catalog already`);
  if (place.databaseUrl) await copyOfPostgres(place, folder);
  else copyOfSqlite(join(place.dataDir, CATALOG_FILE), join(folder, CATALOG_FILE));
}

function copyOfSqlite(file: string, copy: string): void {
  if (!existsSync(file)) throw new Error(`there is no catalog at ${file}`);
  const db = new DatabaseSync(file);
  try {
    db.exec(`pragma busy_timeout=${PATIENCE_MS}`);
    // Not page by page: what was deleted long ago, secrets too, would still stand in pages that are free.
    db.prepare('vacuum into ?').run(copy);
  } finally {
    db.close();
  }
}

async function copyOfPostgres(place: CatalogPlace, folder: string): Promise<void> {
  const from = await Catalog.open({ ...place, isUnhurried: true });
  try {
    const to = await openCopy(folder);
    try {
      await from.db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((tx) => to.db.transaction().execute((copy) => copyTables(tx, copy, copy)));
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/**
 * Fills an empty PostgreSQL with a catalog file, whole or not at all.
 *
 * @param folder holds `catalog.sqlite`
 * @throws where the database has runs or accounts already
 */
export async function fillPostgres(folder: string, databaseUrl: string): Promise<void> {
  const from = await openCopy(folder);
  try {
    const to = await Catalog.open({ dataDir: folder, databaseUrl, isUnhurried: true });
    try {
      await expectEmpty(to);
      await to.db.transaction().execute((tx) => copyTables(from.db, tx, from.db));
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** @throws where the database has runs or accounts already */
export async function expectNoRuns(databaseUrl: string): Promise<void> {
  const to = await Catalog.open({ dataDir: '', databaseUrl, isUnhurried: true });
  try {
    await expectEmpty(to);
  } finally {
    await to.close();
  }
}

/** @throws where a file of SQLite is damaged, with what it says of itself */
export async function expectIntact(db: Db): Promise<void> {
  const said = await integrityOf(db);
  if (said.join() !== 'ok') throw new Error(`the catalog is damaged: ${said.join('; ')}`);
}

/** What SQLite says of its own file: `ok`, or what is wrong. @param isDeep indexes are compared with their tables, too */
export async function integrityOf(db: Db, isDeep = false): Promise<string[]> {
  const check = sql.raw(isDeep ? 'integrity_check' : 'quick_check');
  const { rows } = await sql<Record<string, string>>`pragma ${check}(5)`.execute(db);
  return rows.flatMap((row) => Object.values(row));
}

async function expectEmpty({ db }: Catalog): Promise<void> {
  for (const table of ['runs', 'accounts', 'traps'] as const)
    if (await db.selectFrom(table).select(sql`1`.as('one')).limit(1).executeTakeFirst())
      throw new Error(
        'the database of DATABASE_URL is not empty: name an empty one, and the present one stays as it is',
      );
}
