import { Injectable } from '@nestjs/common';
import { TrapsRepository } from './traps.repository.js';

export interface TrapCount {
  readonly runs: number;
  readonly crops: number;
}

const NONE: TrapCount = { runs: 0, crops: 0 };
/** Under this a count is cheap and made anew each time. */
const CHEAP_MS = 5;
/** A count that took long serves for this many times as long: counting then takes 1 % of the time at most. */
const SERVES_TIMES = 100;
const OLDEST_MS = 60_000;

/** Runs and crops per trap. Counting a long season takes a while, during which no message is received: it is not done each time. */
@Injectable()
export class TrapCounts {
  private readonly kept = new Map<string, TrapCount & { readonly untilMs: number }>();

  constructor(private readonly repository: TrapsRepository) {}

  async of(trapIds: readonly string[]): Promise<(trapId: string) => TrapCount> {
    const startMs = performance.now();
    const due = trapIds.filter((trapId) => (this.kept.get(trapId)?.untilMs ?? 0) <= startMs);
    const counted = new Map((await this.repository.totalsOf(due)).map((total) => [total.trapId, total]));
    const nowMs = performance.now();
    const servesMs = Math.min(OLDEST_MS, (nowMs - startMs) * SERVES_TIMES);
    if (nowMs - startMs > CHEAP_MS)
      for (const trapId of due)
        this.kept.set(trapId, { ...(counted.get(trapId) ?? NONE), untilMs: nowMs + servesMs });
    const isDue = new Set(due);
    return (trapId) => (isDue.has(trapId) ? counted.get(trapId) : this.kept.get(trapId)) ?? NONE;
  }
}
