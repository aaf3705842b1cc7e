import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './schema.js';

/** Stands for a value while a query is built. */
class Slot {
  constructor(
    readonly row: number,
    readonly column: string,
  ) {}
}

/** So many texts of a query are kept: one for each number of rows. */
const CACHED = 64;

/**
 * A query over some rows that is built once for each number of them and engine; from then on only the values change.
 * To build one anew costs several times what the database takes to answer it. For what is asked for every crop.
 *
 * @param build is given rows of placeholders: it may hand their properties on as values, and look at nothing
 */
export function cachedQuery<Row extends object, Result>(
  build: (db: Db, rows: readonly Row[]) => Compilable<Result>,
): (db: Db, rows: readonly Row[]) => Promise<QueryResult<Result>> {
  const byEngine = new WeakMap<object, Map<number, CompiledQuery<Result>>>();
  return (db, rows) => {
    const { adapter } = db.getExecutor();
    let kept = byEngine.get(adapter);
    if (!kept) {
      kept = new Map();
      byEngine.set(adapter, kept);
    }
    let query = kept.get(rows.length);
    if (!query) {
      query = build(db, placeholders<Row>(rows.length)).compile();
      if (kept.size < CACHED) kept.set(rows.length, query);
    }
    return db.executeQuery({ ...query, parameters: fill(query.parameters, rows) });
  };
}

/** The same for a query that is asked of one thing at a time. */
export function cachedOne<Of extends object, Result>(
  build: (db: Db, of: Of) => Compilable<Result>,
): (db: Db, of: Of) => Promise<QueryResult<Result>> {
  const query = cachedQuery((db, [of]: readonly Of[]) => build(db, of as Of));
  return (db, of) => query(db, [of]);
}

const placeholders = <Row extends object>(count: number): Row[] =>
  Array.from(
    { length: count },
    (_, row) => new Proxy({} as Row, { get: (_target, column) => new Slot(row, String(column)) }),
  );

function fill(parameters: readonly unknown[], rows: readonly object[]): unknown[] {
  return parameters.map((value) =>
    value instanceof Slot ? (rows[value.row] as Record<string, unknown>)[value.column] : value,
  );
}
