import { BACKOFF, retry } from '../async/index.js';
import type { Db } from './schema.js';

const ATTEMPTS = 5;
/** A transaction was ended so that another could go on, or may not follow what it has read. */
const POSTGRES_COLLISIONS: readonly unknown[] = ['40P01', '40001'];
const SQLITE_BUSY = 5;

/**
 * Does something in one transaction, and repeats it when another process was in its way: with SQLite a writer that took
 * longer than the busy timeout, with PostgreSQL one that held what this one needs and waited for what this one holds. For
 * requests, which nothing else repeats.
 */
export const withRetry = <T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> =>
  retry(() => db.transaction().execute(work), {
    backoff: BACKOFF.transaction,
    mayPass: isCollision,
    attempts: ATTEMPTS,
  });

function isCollision(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: number };
  return POSTGRES_COLLISIONS.includes(code) || (errcode ?? 0) % 256 === SQLITE_BUSY;
}
