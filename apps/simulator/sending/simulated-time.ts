import { setTimeout as delay } from 'node:timers/promises';

/** The time of the season, which may go faster than the time of the world. */
export class SimulatedTime {
  private readonly begunAt = performance.now();

  /**
   * @param fromMs season time at the beginning
   * @param speed season seconds in a second; 0 = nothing is waited for
   */
  constructor(
    private readonly fromMs: number,
    private readonly speed: number,
    private readonly stop: AbortSignal,
  ) {}

  /** Resolves when it is that late, or at once where the simulation is stopped. */
  async until(seasonMs: number): Promise<void> {
    if (this.speed === 0 || this.stop.aborted) return;
    const waitMs = (seasonMs - this.fromMs) / this.speed - (performance.now() - this.begunAt);
    // An ended wait is a stopped simulation, and whoever waits looks for that.
    if (waitMs > 0) await delay(waitMs, undefined, { signal: this.stop }).catch(() => {});
  }
}
