import { type Catalog, dueRuns } from '../../libs/catalog/index.js';
import type { RunSettler } from './settle-run.js';

const RUNS_AT_ONCE = 50;

/**
 * One step of looking at the runs whose time has come: silence that completes a run, a receipt that names what is
 * missing, a first observation of a run that is still open.
 *
 * @returns true where there is probably more
 */
export async function watchRuns(catalog: Catalog, settler: RunSettler, nowMs: number): Promise<boolean> {
  const due = await dueRuns(catalog.reader, nowMs, RUNS_AT_ONCE);
  for (const run of due) await catalog.db.transaction().execute((tx) => settler.settle(tx, run, nowMs));
  return due.length >= RUNS_AT_ONCE;
}
