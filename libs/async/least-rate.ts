/** What a transfer must bring in each window of time to be let on. */
export interface RateLimits {
  readonly windowMs: number;
  readonly bytesPerS: number;
}

/**
 * Whether a transfer is fast enough. It counts what comes in a window: a single byte now and then does not help, and
 * neither does a fast beginning. Time in which the receiver does not read is left out.
 */
export class LeastRate {
  #startMs: number;
  #pausedAtMs: number | undefined;
  #bytes = 0;

  constructor(
    private readonly limits: RateLimits,
    nowMs: number,
  ) {
    this.#startMs = nowMs;
  }

  /** Bytes that came in the window so far. */
  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The receiver reads no more, for reasons of its own. */
  pause(nowMs: number): void {
    this.#pausedAtMs ??= nowMs;
  }

  resume(nowMs: number): void {
    if (this.#pausedAtMs === undefined) return;
    this.#startMs += nowMs - this.#pausedAtMs;
    this.#pausedAtMs = undefined;
  }

  /** Whether so much time has passed in this window that it should have brought more by now. */
  isBehind(nowMs: number, afterMs: number): boolean {
    const elapsedMs = (this.#pausedAtMs ?? nowMs) - this.#startMs;
    return elapsedMs >= afterMs && this.#bytes < (elapsedMs / 1000) * this.limits.bytesPerS;
  }

  /** Whether a whole window has brought too little. Begins the next window where it is over. */
  isTooSlow(nowMs: number): boolean {
    const elapsedMs = (this.#pausedAtMs ?? nowMs) - this.#startMs;
    if (elapsedMs < this.limits.windowMs) return false;
    if (this.#bytes < (elapsedMs / 1000) * this.limits.bytesPerS) return true;
    this.#startMs += elapsedMs;
    this.#bytes = 0;
    return false;
  }
}
