import { setTimeout as delay } from 'node:timers/promises';
import { extraRuns, letterDifferences, sessionDifferences } from './compare-rest.js';
import { compareRun, type Places } from './compare-run.js';
import { beginOf, type RunEntry, readLedger } from './ledger.js';

const AT_ONCE = 6;
const RETRY_INTERVAL_MS = 1000;

export interface Comparison {
  readonly runs: number;
  readonly crops: number;
  /** Each names a thing and what is amiss with it. */
  readonly differences: readonly string[];
}

interface CompareOptions {
  /**
   * What is acknowledged is durable, but some of it is still on its way to files and observations: looks again until
   * nothing has changed for the better for so long.
   */
  readonly patienceMs: number;
  /** So many runs were compared before, and are only counted. */
  readonly skipRuns?: number;
  /** Is told how many runs were compared and how many of them differ. */
  readonly onLook?: (compared: number, different: number) => void;
}

/**
 * Holds a ledger against what is stored: every run and crop in the catalog, over REST and on the disk, byte for byte and
 * once; every session; every message that had to be refused, and no other.
 */
export async function compare(
  path: string,
  places: Places,
  { patienceMs, skipRuns = 0, onLook = () => {} }: CompareOptions,
): Promise<Comparison> {
  const { trapIds, beganMs } = await beginOf(path);
  let [runs, crops] = [0, 0];
  let pending: [RunEntry, string[]][] = [];
  await eachRun(path, async (entry) => {
    runs += 1;
    crops += entry.crops.length;
    if (runs <= skipRuns) return;
    const differences = await compareRun(entry, places);
    if (differences.length > 0) pending.push([entry, differences]);
    onLook(runs, pending.length);
  });
  let betterAt = performance.now();
  while (pending.length > 0 && performance.now() - betterAt < patienceMs) {
    await delay(Math.min(RETRY_INTERVAL_MS, patienceMs));
    const again: typeof pending = [];
    for (const [entry, before] of pending) {
      const differences = await compareRun(entry, places);
      if (differences.length > 0) again.push([entry, differences]);
      if (differences.length < before.length) betterAt = performance.now();
    }
    pending = again;
    onLook(runs, pending.length);
  }
  return {
    runs,
    crops,
    differences: [
      ...pending.flatMap(([, differences]) => differences),
      ...(await extraRuns(path, trapIds, beganMs, places.service)),
      ...(await sessionDifferences(path, trapIds, places.service)),
      ...(await letterDifferences(path, trapIds, beganMs, places.service)),
    ],
  };
}

async function eachRun(path: string, look: (entry: RunEntry) => Promise<void>): Promise<void> {
  const entries = readLedger(path);
  const work = async () => {
    for await (const entry of { [Symbol.asyncIterator]: () => entries })
      if (entry.is === 'run') await look(entry);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
