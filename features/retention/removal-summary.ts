import type { ExpiredRun } from './expired-runs.js';

interface Sum {
  runs: number;
  crops: number;
  bytes: number;
}

/** What goes, or would go. */
export interface RemovalSummary extends Sum {
  /** Of the visits; undefined where nothing goes. */
  oldestMs?: number;
  newestMs?: number;
  readonly traps: Record<string, Sum>;
}

export const emptySummary = (): RemovalSummary => ({ ...nothing(), traps: {} });

export function count(tally: RemovalSummary, { trapId, atMs, pictures: { crops, bytes } }: ExpiredRun): void {
  const trap = tally.traps[trapId] ?? nothing();
  tally.traps[trapId] = trap;
  for (const sum of [tally, trap]) {
    sum.runs += 1;
    sum.crops += crops;
    sum.bytes += bytes;
  }
  tally.oldestMs = Math.min(tally.oldestMs ?? atMs, atMs);
  tally.newestMs = Math.max(tally.newestMs ?? atMs, atMs);
}

const nothing = (): Sum => ({ runs: 0, crops: 0, bytes: 0 });
