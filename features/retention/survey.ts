import { throttledPages } from '../../libs/async/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { type Keepers, keepers, type RetentionRule } from '../../libs/domain/index.js';
import { runsByAge } from './retention.repository.js';

export const RUNS_AT_ONCE = 500;

/** What the catalog holds, and which runs keep their pictures for good. */
export interface Survey {
  /** All that are known, also of pictures that were removed. */
  readonly runs: number;
  readonly crops: number;
  /** Of runs that have pictures. */
  readonly picturedCrops: number;
  readonly picturedBytes: number;
  readonly keepers: Keepers;
}

/** Goes over all runs once. */
export async function survey(
  { scanner }: Catalog,
  rule: Pick<RetentionRule, 'keepBest'>,
  signal?: AbortSignal,
): Promise<Survey> {
  const counts = { runs: 0, crops: 0, picturedCrops: 0, picturedBytes: 0 };
  const known = keepers(rule);
  for await (const page of throttledPages(runsByAge(scanner, RUNS_AT_ONCE), signal)) {
    for (const run of page) {
      counts.runs += 1;
      counts.crops += run.storedCrops;
      if (run.emptied) continue;
      counts.picturedCrops += run.storedCrops;
      counts.picturedBytes += run.storedBytes;
      known.note(run);
    }
  }
  return { ...counts, keepers: known };
}
