import type { Backpressure } from './outcome.js';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 30_000;
/** However long a server asks to be left alone, it is looked at so often. */
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
  /** Sends the oldest of what waits. A rejection is a failure of our own, such as a database that is away. */
  readonly step: () => Promise<StepResult>;
  /** How long it rests when nothing waits. */
  readonly pauseMs: number;
  /** Told when trouble begins, changes its kind, or ends. */
  readonly onTrouble: (trouble: DrainError | undefined, error?: unknown) => void;
}

/**
 * Empties the queue of points, one request in flight. It never gives up: whatever stands in the way is tried again
 * after 50 ms, then ever more rarely, at last every 30 s, or when the server asked to come back.
 */
export class Drainer {
  private stopping = false;
  private failures = 0;
  private current?: DrainError;
  private wakeUp?: () => void;
  private running?: Promise<void>;

  constructor(private readonly options: DrainerOptions) {}

  /** Undefined while points go out as they should. */
  get trouble(): DrainError | undefined {
    return this.current;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the request in flight has come to its end; what waits stays in the catalog. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) await this.rest(await this.once());
  }

  /** @returns how long to rest, in milliseconds */
  private async once(): Promise<number> {
    try {
      const { more, obstacle } = await this.options.step();
      if (obstacle) return this.hold(obstacle.state, obstacle.message, retryAfterOf(obstacle));
      this.failures = 0;
      this.note(undefined);
      return more ? 0 : this.options.pauseMs;
    } catch (error) {
      return this.hold('failed', error instanceof Error ? error.message : String(error), 0, error);
    }
  }

  private hold(state: DrainError['state'], message: string, retryAfterMs: number, error?: unknown): number {
    const sinceMs = this.current?.state === state ? this.current.sinceMs : Date.now();
    this.note({ state, message, sinceMs }, error);
    const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.failures, 20));
    this.failures += 1;
    return Math.max(pauseMs, Math.min(retryAfterMs, LONGEST_WAIT_MS));
  }

  private note(trouble: DrainError | undefined, error?: unknown): void {
    const before = this.current;
    this.current = trouble;
    if (before?.state !== trouble?.state) this.options.onTrouble(trouble, error);
  }

  private rest(ms: number): Promise<void> {
    if (this.stopping || ms === 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(), ms);
      const done = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
      this.wakeUp = done;
    });
  }
}

const retryAfterOf = (obstacle: Backpressure): number =>
  obstacle.state === 'busy' ? (obstacle.retryAfterMs ?? 0) : 0;
