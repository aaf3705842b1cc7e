import { type Catalog, putState } from '../../libs/database/index.js';
import { type CropId, cropKey, runKey } from '../../libs/domain/index.js';
import { noteSize } from './data-dir-binding.js';
import { deleteRemoved } from './delete-removed.js';
import { type ExpiredRun, expiredRuns, type Reason } from './expired-runs.js';
import type { Plan } from './removal-plan.js';
import { count, emptySummary, type RemovalSummary } from './removal-summary.js';
import { beginRound, countInRound, markRemoved } from './retention.repository.js';

/** Runs whose pictures go in one commit: few, since a crop that comes meanwhile waits for it. */
const RUNS_TO_A_COMMIT = 25;

interface CarryOutOptions {
  readonly catalog: Catalog;
  readonly dataDir: string;
  readonly nowMs: number;
  /** Told of each file that cannot be deleted now; it is tried again the next time. */
  readonly onStuck: (crop: CropId, error: unknown) => void;
  readonly signal?: AbortSignal;
}

/**
 * Removes what a plan says: marks it in the catalog first, with a list of the files, and deletes them then. Killed at any
 * moment, the catalog never promises a picture that is gone, and what is left of the list is deleted the next time.
 *
 * @returns what went: less than planned where a run was reviewed or opened again meanwhile
 */
export async function carryOut(plan: Plan, options: CarryOutOptions): Promise<RemovalSummary> {
  const { catalog, dataDir, signal } = options;
  const removed = emptySummary();
  const onStuck = once(options.onStuck);
  await deleteRemoved(catalog, dataDir, onStuck, signal);
  for (const reason of plan.reasons) {
    let roundAtMs: number | undefined;
    for await (const page of expiredRuns(catalog, plan.survey.keepers, reason, undefined, signal)) {
      roundAtMs ??= await beginRound(catalog.db, ruleOf(reason), options.nowMs);
      for (let from = 0; from < page.length; from += RUNS_TO_A_COMMIT) {
        await removeSome(catalog, page.slice(from, from + RUNS_TO_A_COMMIT), roundAtMs, removed);
        signal?.throwIfAborted();
      }
      await deleteRemoved(catalog, dataDir, onStuck, signal);
    }
  }
  await noteSize(catalog.db, dataDir, { runs: plan.survey.runs, crops: plan.survey.crops });
  const { shortBytes } = plan;
  await putState(catalog.db, 'retention', { atMs: options.nowMs, ...(shortBytes && { shortBytes }) });
  return removed;
}

async function removeSome(
  { db }: Catalog,
  runs: readonly ExpiredRun[],
  roundAtMs: number,
  removed: RemovalSummary,
): Promise<void> {
  const marked = await db.transaction().execute(async (tx) => {
    const sums = await markRemoved(tx, runs, roundAtMs);
    const step = emptySummary();
    for (const run of runs) {
      const pictures = sums.get(runKey(run));
      if (pictures) count(step, { ...run, pictures });
    }
    await countInRound(tx, roundAtMs, step);
    return sums;
  });
  for (const run of runs) {
    const pictures = marked.get(runKey(run));
    if (pictures) count(removed, { ...run, pictures });
  }
}

const ruleOf = (reason: Reason) =>
  reason.because === 'age'
    ? { older_than_ms: reason.olderThanMs, free_bytes: null }
    : { older_than_ms: null, free_bytes: reason.freeBytes };

/** A file that cannot be deleted is met again after every step, and told of once. */
function once(tell: CarryOutOptions['onStuck']): CarryOutOptions['onStuck'] {
  const told = new Set<string>();
  return (crop, error) => {
    if (told.has(cropKey(crop))) return;
    told.add(cropKey(crop));
    tell(crop, error);
  };
}
