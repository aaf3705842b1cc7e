import { BACKOFF, type Backoff, backoffMs } from './retry.js';

interface LoopOptions {
  /** How long it rests when there is nothing to do. */
  readonly pauseMs: number;
  /** Called after each failure, with the number of failures in a row. */
  readonly onError: (error: unknown, failures: number) => void;
  /** How long a step that was woken waits for more to do, so that one commit serves for all of it. Default 0. */
  readonly gatherMs?: number;
  readonly backoff?: Backoff;
  /** How long the failed step must not be repeated at least, whatever the back-off is. Default 0. */
  readonly retryAfterMs?: (error: unknown) => number;
}

/**
 * Work in the background: one step at a time, the next one at once while there is more to do, otherwise after a pause or
 * when it is woken. A step that fails is retried indefinitely, with back-off.
 */
export class BackgroundLoop {
  private stopping = false;
  private awake = false;
  private wakeUp?: () => void;
  private running?: Promise<void>;

  /** @param step does one piece of work; `true` = there is more to do at once */
  constructor(
    private readonly step: () => Promise<boolean>,
    private readonly options: LoopOptions,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** There is something to do now. */
  wake(): void {
    this.awake = true;
    this.wakeUp?.();
  }

  /** Resolves when the step in work is done; no further one begins. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      this.awake = false;
      try {
        const more = await this.step();
        failures = 0;
        if (!more) await this.rest(this.options.pauseMs, true);
        else await new Promise((resolve) => setImmediate(resolve));
      } catch (error) {
        failures += 1;
        const { backoff = BACKOFF.backgroundWork, onError, retryAfterMs } = this.options;
        onError(error, failures);
        await this.rest(Math.max(backoffMs(failures, backoff), retryAfterMs?.(error) ?? 0), false);
      }
    }
  }

  private async rest(ms: number, mayBeWoken: boolean): Promise<void> {
    if (this.stopping) return;
    if (!mayBeWoken || !this.awake) await this.sleep(ms, mayBeWoken);
    const { gatherMs = 0 } = this.options;
    if (mayBeWoken && this.awake && gatherMs > 0) await this.sleep(gatherMs, false);
  }

  private sleep(ms: number, mayBeWoken: boolean): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(), ms);
      const done = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
      this.wakeUp = () => {
        if (mayBeWoken || this.stopping) done();
      };
    });
  }
}
