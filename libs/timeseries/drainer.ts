import { BACKOFF, BackgroundLoop } from '../async/index.js';
import type { Backpressure } from './outcome.js';

/** A server that asks to be left alone for longer is asked again all the same. */
const LONGEST_WAIT_MS = 15 * 60_000;

/** What one step came to. */
export interface StepResult {
  /** There is more to do at once. */
  readonly more: boolean;
  /** Why nothing goes on for now. */
  readonly obstacle?: Backpressure | undefined;
}

/** Why points wait, and since when. */
export interface DrainError {
  readonly state: Backpressure['state'] | 'failed';
  readonly message: string;
  readonly sinceMs: number;
}

interface DrainerOptions {
  /** Sends the oldest of what waits. It rejects when this side fails, such as when the database is unavailable. */
  readonly step: () => Promise<StepResult>;
  /** How long it rests when nothing waits. */
  readonly pauseMs: number;
  /** Called when trouble begins, changes its kind, or ends. */
  readonly onTrouble: (trouble: DrainError | undefined, error?: unknown) => void;
}

/**
 * Empties the queue of points, with one request in flight. It never gives up: whatever goes wrong is retried with
 * back-off, or when the server asked to come back.
 */
export class Drainer {
  private current?: DrainError;
  private readonly loop: BackgroundLoop;

  constructor(private readonly options: DrainerOptions) {
    this.loop = new BackgroundLoop(() => this.step(), {
      pauseMs: options.pauseMs,
      backoff: BACKOFF.points,
      onError: (error) => this.noteFailure(error),
      retryAfterMs: (error) => (error instanceof BackpressureError ? error.retryAfterMs : 0),
    });
  }

  /** Undefined while points are sent normally. */
  get trouble(): DrainError | undefined {
    return this.current;
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves when the request in flight has ended; what waits stays in the catalog. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async step(): Promise<boolean> {
    const { more, obstacle } = await this.options.step();
    if (obstacle) throw new BackpressureError(obstacle);
    this.note(undefined);
    return more;
  }

  private noteFailure(error: unknown): void {
    const state = error instanceof BackpressureError ? error.state : 'failed';
    const sinceMs = this.current?.state === state ? this.current.sinceMs : Date.now();
    const message = error instanceof Error ? error.message : String(error);
    this.note({ state, message, sinceMs }, error);
  }

  private note(trouble: DrainError | undefined, error?: unknown): void {
    const before = this.current;
    this.current = trouble;
    if (before?.state !== trouble?.state) this.options.onTrouble(trouble, error);
  }
}

/** InfluxDB does not take points for now. */
class BackpressureError extends Error {
  readonly state: Backpressure['state'];
  readonly retryAfterMs: number;

  constructor(backpressure: Backpressure) {
    super(backpressure.message);
    this.state = backpressure.state;
    const asked = backpressure.state === 'busy' ? (backpressure.retryAfterMs ?? 0) : 0;
    this.retryAfterMs = Math.min(asked, LONGEST_WAIT_MS);
  }
}
