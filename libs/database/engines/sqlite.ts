import { DatabaseSync, type StatementSyncInstance } from '@photostructure/sqlite';
import { type SqliteDatabase, SqliteDialect } from 'kysely';

const STATEMENTS_KEPT = 500;
const NOTHING = {
  reader: false,
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  all: () => [],
  iterate: () => [].values(),
};

/**
 * SQLite for Kysely through an engine with the API of `node:sqlite`: when Node 20 goes, only the import changes.
 *
 * @param purpose `write`: one connection, every commit is synced before it returns (`synchronous=FULL`, or a power cut
 *   takes the last commits with it). `read`: sees what is committed and never waits for a writer. `copy`: a file that
 *   nobody else has open, and that is one file whenever nothing is written. `look`: reads, and leaves the file as it is.
 * @param patienceMs how long a statement waits for another process that writes; all else in this process waits too
 */
export function sqliteDialect(
  file: string,
  purpose: 'write' | 'read' | 'copy' | 'look',
  patienceMs: number,
): SqliteDialect {
  const db = new DatabaseSync(file);
  db.exec(`pragma busy_timeout=${patienceMs}; pragma synchronous=FULL; pragma foreign_keys=ON`);
  if (purpose !== 'look') db.exec(`pragma journal_mode=${purpose === 'copy' ? 'DELETE' : 'WAL'}`);
  if (purpose === 'read' || purpose === 'look') db.exec('pragma query_only=ON');
  const kept = new Map<string, ReturnType<typeof bind>>();
  const database: Pick<SqliteDatabase, 'close'> & { prepare(sql: string): unknown } = {
    close: () => db.close(),
    prepare(sql) {
      // The write lock is taken up front, so that no transaction fails half-way because another process writes.
      const statement =
        sql === 'begin' && (purpose === 'write' || purpose === 'copy') ? 'begin immediate' : sql;
      // A full disk rolls the transaction back by itself; a second rollback would hide the real error.
      if (statement === 'rollback' && !db.isTransaction) return NOTHING;
      let bound = kept.get(statement);
      if (!bound) {
        if (kept.size >= STATEMENTS_KEPT) kept.clear();
        bound = bind(db.prepare(statement));
        kept.set(statement, bound);
      }
      return bound;
    },
  };
  return new SqliteDialect({ database: database as SqliteDatabase });
}

function bind(statement: StatementSyncInstance) {
  const values = (parameters: readonly unknown[]) => parameters as never[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
  };
}
