import { setTimeout as delay } from 'node:timers/promises';

/** Pauses between attempts, in milliseconds: each is twice as long as the one before, from the first to the last figure. */
export interface Backoff {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Each pause is a random time between half of it and all of it, so that what failed together is not retried together. */
  readonly jitter?: boolean;
}

/** How often each thing is retried. */
export const BACKOFF = {
  /** A message that cannot be stored: it is not acknowledged meanwhile. */
  message: { firstMs: 100, lastMs: 30_000, jitter: true },
  /** A connection or subscription that the external broker refuses. */
  broker: { firstMs: 250, lastMs: 30_000, jitter: true },
  /** A step of background work, such as filing crops or sending the outbox. */
  backgroundWork: { firstMs: 200, lastMs: 30_000 },
  /** A database that is not available when the service starts. */
  database: { firstMs: 250, lastMs: 15_000 },
  /** A transaction that collided with one of another process. */
  transaction: { firstMs: 50, lastMs: 50 },
  /** A migration that another process runs, too. */
  migration: { firstMs: 20, lastMs: 20 },
  /** Points that InfluxDB does not take. */
  points: { firstMs: 50, lastMs: 30_000 },
  /** A classifier of which no process starts. */
  classifier: { firstMs: 1_000, lastMs: 300_000 },
  /** One process of a classifier. */
  classifierProcess: { firstMs: 100, lastMs: 30_000 },
} as const satisfies Record<string, Backoff>;

/**
 * How long to wait before the next attempt.
 *
 * @param failures in a row, at least 1
 * @param chance from 0 to below 1, for jitter
 */
export function backoffMs(
  failures: number,
  { firstMs, lastMs, jitter = false }: Backoff,
  chance: number = Math.random(),
): number {
  const longest = Math.min(lastMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return jitter ? longest / 2 + (longest / 2) * chance : longest;
}

/** The first failure of a series, then every time their number has doubled: hours of failures must not fill the log. */
export const isWorthLogging = (failures: number): boolean => (failures & (failures - 1)) === 0;

interface RetryOptions {
  readonly backoff: Backoff;
  /** Whether the next attempt may succeed. Default: always. */
  readonly mayPass?: (error: unknown) => boolean;
  /** Default: no limit. */
  readonly attempts?: number;
  /** Called after each failed attempt that is followed by another one, before the pause. */
  readonly onFailure?: (error: unknown, failures: number, pauseMs: number) => void;
  /** Ends the attempts. */
  readonly signal?: AbortSignal;
}

/**
 * Does something until it succeeds.
 *
 * @throws the last error: one that cannot pass, one after the last attempt, or one at the time of the abort
 */
export async function retry<T>(
  work: () => Promise<T>,
  { backoff, mayPass = () => true, attempts = Number.POSITIVE_INFINITY, onFailure, signal }: RetryOptions,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (failures >= attempts || signal?.aborted || !mayPass(error)) throw error;
      const pauseMs = backoffMs(failures, backoff);
      onFailure?.(error, failures, pauseMs);
      await delay(pauseMs, undefined, { signal }).catch(() => {});
      if (signal?.aborted) throw error;
    }
  }
}
