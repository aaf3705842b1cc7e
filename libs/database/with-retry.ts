import { setTimeout } from 'node:timers/promises';
import type { Db } from './schema.js';

const TRIES = 5;
const PAUSE_MS = 50;
/** A transaction was ended so that another could go on, or may not follow what it has read. */
const POSTGRES_COLLISIONS: readonly unknown[] = ['40P01', '40001'];
const SQLITE_BUSY = 5;

/**
 * Does something in one transaction, and does it again where another process was in its way: with SQLite a writer that
 * took longer than our patience, with PostgreSQL one that held what we need and waited for what we hold. For those who
 * are asked once and have nobody who tries again for them.
 */
export async function withRetry<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (left === 0 || !isCollision(error)) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}

function isCollision(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: number };
  return POSTGRES_COLLISIONS.includes(code) || (errcode ?? 0) % 256 === SQLITE_BUSY;
}
