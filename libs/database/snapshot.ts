import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { type Kysely, sql } from 'kysely';
import { Catalog, type CatalogLocation } from './catalog.js';
import { CATALOG_FILE, openCopy } from './catalog-copy.js';
import type { Db } from './schema.js';

/** SQLite in use waits this long for a moment to read. */
const PATIENCE_MS = 30_000;

/**
 * Copies the catalog as it is at one moment into `<folder>/catalog.sqlite`, while others write to it and do not wait.
 * PostgreSQL is copied into SQLite too: one format, which either engine can be made of again.
 *
 * @param folder made if need be; has no catalog yet
 */
export async function takeSnapshot(place: CatalogLocation, folder: string): Promise<void> {
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

async function copyOfPostgres(place: CatalogLocation, folder: string): Promise<void> {
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

type Row = Record<string, unknown>;
type Rows = Kysely<Record<string, Row>>;

const ROWS_AT_ONCE = 500;
/** What both engines bind in one statement, with room to spare. */
const VALUES_AT_ONCE = 16_000;

/** A table, and what its rows are told apart and ordered by. */
interface KeyedTable {
  readonly name: string;
  readonly key: readonly string[];
}

/**
 * Copies every table of the catalog from one database into another one of the same version. What the tables there held
 * is gone then. The engines may differ: all tables have the same columns on both.
 *
 * @param sqlite the one of the two that is SQLite: it tells what tables there are
 */
async function copyTables(from: Db, to: Db, sqlite: Db): Promise<void> {
  for (const table of await tablesOf(sqlite)) {
    await sql`delete from ${sql.table(table.name)}`.execute(to);
    for await (const rows of rowsOf(from as unknown as Rows, table))
      await insert(to as unknown as Rows, table, rows);
  }
}

async function tablesOf(sqlite: Db): Promise<KeyedTable[]> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'
    and name not like 'sqlite\\_%' escape '\\' and name not like 'kysely\\_%' escape '\\' order by name`.execute(
    sqlite,
  );
  return Promise.all(
    rows.map(async ({ name }) => {
      const columns = await sql<{
        name: string;
        pk: number;
      }>`select name, pk from pragma_table_info(${name}) where pk > 0 order by pk`.execute(sqlite);
      return { name, key: columns.rows.map((column) => column.name) };
    }),
  );
}

/** In pages by the primary key, so that a season needs no more memory than a day. */
async function* rowsOf(db: Rows, { name, key }: KeyedTable): AsyncGenerator<readonly Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  for (;;) {
    const after = last && sql.join(key.map((column) => sql`${last?.[column]}`));
    const where = after ? sql`where (${columns}) > (${after})` : sql``;
    const { rows } = await sql<Row>`select * from ${sql.table(name)} ${where} order by ${columns}
      limit ${sql.lit(ROWS_AT_ONCE)}`.execute(db);
    if (rows.length) yield rows;
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1);
  }
}

async function insert(db: Rows, { name }: KeyedTable, rows: readonly Row[]): Promise<void> {
  const width = Object.keys(rows[0] ?? {}).length;
  const atOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / Math.max(1, width)));
  for (let from = 0; from < rows.length; from += atOnce)
    await db
      .insertInto(name)
      .values(rows.slice(from, from + atOnce).map(withBuffers))
      .execute();
}

/** SQLite hands bytes over as they are, and PostgreSQL takes only buffers for bytes. */
const withBuffers = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value,
    ]),
  );
