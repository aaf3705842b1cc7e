import { BACKOFF, retry } from '../async/index.js';

/** The database could not be asked: the server is away, does not answer, or the connection broke. */
export class DatabaseAwayError extends Error {
  /** Of the operating system where it has one, such as `ECONNREFUSED`. */
  readonly code: string;

  constructor(cause: Error & { readonly code?: unknown; readonly errors?: readonly Error[] }) {
    // A name with several addresses fails with a list of errors and no words of its own.
    const first = cause.errors?.[0];
    super(cause.message || first?.message || 'the database cannot be reached', { cause });
    this.code = String(cause.code ?? (first as { code?: unknown } | undefined)?.code ?? 'database-away');
  }
}

/**
 * SQLSTATEs that say nothing of the statement, by their beginning: connections, authorisation and database that are
 * not there now, a read-only server, collisions of transactions, resources, locks, shutdown and cancellation, I/O.
 */
const PASSING_SQLSTATES = /^(08|25006|28|3D000|40|53|55P03|57|58|XX)/;
/** SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. */
const PASSING_SQLITE_CODES: readonly number[] = [5, 6, 8, 10, 13, 14];

/** Whether the catalog cannot be used now, whatever is asked of it: the same may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseAwayError) return true;
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown };
  if (typeof errcode === 'number') return PASSING_SQLITE_CODES.includes(errcode % 256);
  return isSqlState(error) && PASSING_SQLSTATES.test(String(code));
}

/** Errors of PostgreSQL have a severity; those of the system have a code of five letters, too (`EPIPE`). */
const isSqlState = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'severity' in error && 'code' in error;

/**
 * Does something as soon as the catalog can be used, and retries indefinitely until then.
 *
 * @param onFailure is called after each failed attempt, before the pause
 * @throws what is no matter of availability
 */
export const whenAvailable = <T>(
  work: () => Promise<T>,
  onFailure: (error: unknown, attempt: number, pauseMs: number) => void,
): Promise<T> => retry(work, { backoff: BACKOFF.database, mayPass: isUnavailable, onFailure });
