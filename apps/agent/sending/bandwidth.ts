import { setTimeout as delay } from 'node:timers/promises';

/** Spreads what is sent, so that it takes so many bytes a second on average and no more. */
export class Bandwidth {
  private freeAtMs = 0;

  /** @param bytesPerS undefined = as much as the network takes */
  constructor(
    private readonly bytesPerS: number | undefined,
    private readonly now: () => number = () => performance.now(),
    private readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown> = asleep,
  ) {}

  /**
   * Resolves when these bytes may go; in the order in which they were asked for.
   *
   * @param stop whoever is to end does not wait for it
   */
  async take(bytes: number, stop?: AbortSignal): Promise<void> {
    if (this.bytesPerS === undefined) return;
    const nowMs = this.now();
    const startMs = Math.max(nowMs, this.freeAtMs);
    this.freeAtMs = startMs + (bytes / this.bytesPerS) * 1000;
    if (startMs > nowMs) await this.sleep(startMs - nowMs, stop);
  }
}

const asleep = (ms: number, signal?: AbortSignal) => delay(ms, undefined, { signal }).catch(() => {});
