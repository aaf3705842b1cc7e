import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { Scanner } from './scanner.js';

/**
 * SQLite for questions that go through much: they are asked in a thread of their own, because every call of SQLite
 * holds up the thread that makes it. Each statement stands by itself: there are no transactions.
 *
 * @param threadFile the compiled scan-thread.js
 */
export function sqliteScanner(file: string, threadFile: URL, patienceMs: number): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ScannerDriver(new Scanner(threadFile, { file, patienceMs })),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class ScannerDriver implements Driver {
  private readonly connection: DatabaseConnection;

  constructor(private readonly scanner: Scanner) {
    this.connection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        return { rows: (await scanner.ask(sql, parameters)) as R[] };
      },
      // biome-ignore lint/correctness/useYield: nothing can be had this way
      async *streamQuery() {
        throw new Error('the scanner hands out whole answers only');
      },
    };
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(): Promise<void> {
    throw new Error('the scanner has no transactions');
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async destroy(): Promise<void> {
    await this.scanner.close();
  }
}
