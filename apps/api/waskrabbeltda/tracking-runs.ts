import { setImmediate } from 'node:timers/promises';
import {
  type Catalog,
  type Db,
  findRun,
  listRuns,
  pageOfTraps,
  type RunFilter,
  type RunInOrder,
  type RunWithObservation,
  runsOldestFirst,
} from '../../../libs/catalog/index.js';
import { runIdsOf, type TrackingRunName, trackingRunName } from './tracking-run-view.js';

const RUNS_AT_ONCE = 500;
const TRAPS_AT_ONCE = 500;

/** What readers of waskrabbeltda look up: the runs of one trap, or of all where none is set. */
export class TrackingRuns {
  constructor(
    private readonly catalog: Catalog,
    private readonly trapId: string | undefined,
  ) {}

  /** All of them, oldest first, as pages; others have their turn in between. */
  async *all(db: Db = this.catalog.reader): AsyncGenerator<readonly RunInOrder[]> {
    for await (const page of runsOldestFirst(db, this.filter, RUNS_AT_ONCE)) {
      yield page;
      await setImmediate();
    }
  }

  newest(limit: number, only: 'all' | 'insects' = 'all'): Promise<RunWithObservation[]> {
    return listRuns(this.catalog.reader, { ...this.filter, insectsOnly: only === 'insects' }, limit);
  }

  /** The runs of this name: one, unless several traps have one. */
  async named(name: TrackingRunName): Promise<RunWithObservation[]> {
    const found: RunWithObservation[] = [];
    for await (const trapId of this.traps()) {
      for (const runId of runIdsOf(name)) {
        const run = await findRun(this.catalog.reader, { trapId, runId });
        if (run && trackingRunName(run).date === name.date) found.push(run);
      }
    }
    return found;
  }

  private get filter(): RunFilter {
    return { trapId: this.trapId };
  }

  private async *traps(): AsyncGenerator<string> {
    if (this.trapId !== undefined) {
      yield this.trapId;
      return;
    }
    let last: string | undefined;
    for (;;) {
      const page = await pageOfTraps(this.catalog.reader, TRAPS_AT_ONCE, last);
      for (const trap of page) yield trap.trap_id;
      if (page.length < TRAPS_AT_ONCE) return;
      last = page.at(-1)?.trap_id;
    }
  }
}
