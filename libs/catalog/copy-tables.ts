import { type Kysely, sql } from 'kysely';
import type { Db } from './schema.js';

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
export async function copyTables(from: Db, to: Db, sqlite: Db): Promise<void> {
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
