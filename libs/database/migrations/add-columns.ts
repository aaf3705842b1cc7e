import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Adds those of these columns that the table has not: an earlier start may have been killed between two of them, and
 * another process may start at the same time.
 */
export async function addColumns(
  db: Kysely<never>,
  table: string,
  columns: Readonly<Record<string, RawBuilder<unknown>>>,
): Promise<void> {
  for (const [name, definition] of Object.entries(columns)) {
    if (await hasColumn(db, table, name)) continue;
    try {
      await sql`alter table ${sql.table(table)} add column ${sql.ref(name)} ${definition}`.execute(db);
    } catch (error) {
      // PostgreSQL lets one process migrate at a time; with SQLite another one may have been quicker.
      if (!(await hasColumn(db, table, name))) throw error;
    }
  }
}

async function hasColumn(db: Kysely<never>, table: string, column: string): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return tables.some(({ name, columns }) => name === table && columns.some((each) => each.name === column));
}
