/** How long a loop rests after a failure, growing from the first to the second figure. */
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;

/**
 * Work that goes on beside the messages: one step at a time, again at once while there is more, otherwise after a
 * pause or when somebody wakes it. A step that fails is tried again, for ever: what fails here is disk or catalog.
 */
export class BackgroundLoop {
  private stopping = false;
  private awake = false;
  private wakeUp?: () => void;
  private running?: Promise<void>;

  /**
   * @param step does one piece of work; `true` = there is more to do at once
   * @param onError is told of each failure, with the number of failures in a row
   * @param gatherMs how long a step that was woken waits for more to do, so that one commit serves for all of it
   */
  constructor(
    private readonly step: () => Promise<boolean>,
    private readonly pauseMs: number,
    private readonly onError: (error: unknown, failures: number) => void,
    private readonly gatherMs = 0,
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
        if (!more) await this.rest(this.pauseMs, true);
        else await new Promise((resolve) => setImmediate(resolve));
      } catch (error) {
        failures += 1;
        this.onError(error, failures);
        await this.rest(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10)), false);
      }
    }
  }

  private async rest(ms: number, mayBeWoken: boolean): Promise<void> {
    if (this.stopping) return;
    if (!mayBeWoken || !this.awake) await this.sleep(ms, mayBeWoken);
    if (mayBeWoken && this.awake && this.gatherMs > 0) await this.sleep(this.gatherMs, false);
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
