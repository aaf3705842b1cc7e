import type { Catalog, Db } from '../../libs/database/index.js';
import { type Completion, completionOf, type RunId, runKey } from '../../libs/domain/index.js';
import { buildReceipt, topicOf } from '../../libs/protocol/index.js';
import {
  asRow,
  findObservation,
  hasCropsInProgress,
  publishVerdict,
  putObservation,
  queueUnseen,
  saysTheSame,
  sightingsDue,
  votesOf,
} from '../observations/index.js';
import { enqueuePoints, putInOutbox, runPoint } from '../outbox/index.js';
import { hasRemovedUnseen } from '../retention/index.js';
import { verdictWith } from '../reviews/index.js';
import {
  changedBy,
  dueRuns,
  lockKnownRun,
  lockRun,
  type RunDetails,
  type RunRow,
  receiptOfRun,
  rejectedCrops,
  updateRun,
} from '../runs/index.js';
import { metrics } from './ingest.metrics.js';
import { type ActiveModel, type IngestSettings, observeWith, QUIET_MS } from './settings.js';

interface CompletionReason {
  /** The trap asks for a receipt: it is answered even if it was before. */
  readonly endCame?: boolean;
  /** What `meta` or `end` says, merged before anything is decided. */
  readonly details?: RunDetails;
}

/**
 * Decides what a run is by now: complete or not, its receipt, its observation. Everything is read from the catalog
 * inside the caller's transaction and written with it, so that any process may do it, at any time, any number of times.
 */
export class RunCompleter {
  constructor(
    private readonly settings: Pick<IngestSettings, 'completion' | 'receiptWaitMs' | 'influx'>,
    /** The model that speaks now; undefined while there is none. */
    private readonly model: () => ActiveModel | undefined,
  ) {}

  /** @returns the row before what this changes in it, with what the message says */
  /** @returns undefined where there is no such run any more; what a message says of it makes it known */
  async evaluate(
    tx: Db,
    run: RunId,
    nowMs: number,
    reason: CompletionReason = {},
  ): Promise<RunRow | undefined> {
    const row = await this.merge(tx, run, nowMs, reason);
    if (!row) return undefined;
    const refused = this.isShort(row) ? await rejectedCrops(tx, run) : [];
    const completion = completionOf(
      {
        announcedCrops: row.announced_crops ?? undefined,
        endReceivedAtMs: row.end_received_at ?? undefined,
        // A crop that was refused for good will not come any more: waiting for it helps nobody.
        storedCrops: row.stored_crops + refused.length,
        lastReceivedAtMs: row.last_received_at,
      },
      nowMs,
      this.settings.completion,
    );
    const awaitsCrops = this.isShort(row) && row.stored_crops + refused.length < (row.announced_crops ?? 0);
    const receipt = await this.receipt(tx, row, nowMs, { endCame: reason.endCame === true, awaitsCrops });
    const observed = await this.observe(tx, row, completion.complete, nowMs);
    const changed = {
      ...lifecycle(row, completion, nowMs, observed.underWay),
      ...receipt,
      ...observed.columns,
    };
    await updateRun(tx, run, changed);
    if (this.settings.influx && pointsMayChange(row, { ...row, ...changed }, reason))
      await enqueueRun(tx, row);
    return row;
  }

  /**
   * After a classification: a complete run whose last crop it was gets its observation; an open one waits to be quiet.
   * The row is held before the crops are looked at, or two processes could each leave the last crop to the other.
   */
  async evaluateIfClassified(tx: Db, run: RunId, nowMs: number): Promise<void> {
    const row = await lockKnownRun(tx, run);
    // It may have been deleted while its crops were at the classifier.
    if (row?.state === 'complete' && !(await hasCropsInProgress(tx, run)))
      await this.evaluate(tx, run, nowMs);
  }

  private async merge(
    tx: Db,
    run: RunId,
    nowMs: number,
    { details, endCame }: CompletionReason,
  ): Promise<RunRow | undefined> {
    if (!details) return lockKnownRun(tx, run);
    const row = await lockRun(tx, run, nowMs);
    const changed = {
      ...changedBy(row, details, nowMs),
      ...(endCame && { end_received_at: nowMs, state: 'open' as const }),
    };
    await updateRun(tx, run, changed);
    return { ...row, ...changed } as RunRow;
  }

  private isShort(row: RunRow): boolean {
    return row.end_received_at !== null && row.stored_crops < (row.announced_crops ?? 0);
  }

  /** Puts the receipt out where one is due, and says when to come back. */
  private async receipt(
    tx: Db,
    row: RunRow,
    nowMs: number,
    { endCame, awaitsCrops }: { readonly endCame: boolean; readonly awaitsCrops: boolean },
  ) {
    if (row.end_received_at === null) return {};
    const isDue = row.receipt_due_at !== null && row.receipt_due_at <= nowMs;
    if (!endCame && !isDue && (row.receipt_state === 'complete' || awaitsCrops)) return {};
    const run = { trapId: row.trap_id, runId: row.run_id };
    const receipt = await receiptOfRun(tx, row);
    if (receipt.state === 'incomplete' && !isDue)
      return { receipt_due_at: row.receipt_due_at ?? nowMs + this.settings.receiptWaitMs };
    const topic = topicOf.receipt(run);
    await putInOutbox(tx, [
      { kind: 'receipt', key: runKey(run), topic, retain: 0, payload: buildReceipt(receipt, nowMs) },
    ]);
    return {
      receipt_due_at: null,
      receipt_state: receipt.state === 'complete' ? ('complete' as const) : ('incomplete' as const),
    };
  }

  /** Writes the observation where the run is quiet enough for one, and puts the result out where it is news. */
  private async observe(tx: Db, row: RunRow, final: boolean, nowMs: number) {
    const model = this.model();
    const run = { trapId: row.trap_id, runId: row.run_id };
    if (!model || row.stored_crops === 0) return { underWay: false };
    if ((await hasCropsInProgress(tx, run)) || (await queueUnseen(tx, run, model.key)) > 0)
      return { underWay: true };
    // A late crop alone must not overrule what another model said when all pictures were there.
    if (row.removed_at !== null && (await hasRemovedUnseen(tx, run, model.key))) return { underWay: false };
    const observation = observeWith(model, await votesOf(tx, run, model.key));
    if (!observation) return { underWay: false };
    const before = await findObservation(tx, run, model.key);
    const revision = row.revision + 1;
    const next = asRow(run, model.key, observation, { final, revision, observedAtMs: nowMs });
    // People may have spoken: the observation keeps what the model says, and their verdict stands.
    const columns = { model: model.key, ...(await verdictWith(tx, row, next)) };
    if (before && saysTheSame(before, next)) return { underWay: false, columns };
    await putObservation(tx, next);
    const observed = { ...row, ...columns, revision };
    await publishVerdict(tx, observed, next);
    if (this.settings.influx) {
      if (next.final || before?.final) await enqueueRun(tx, row);
    }
    if (next.final || before?.final) {
      // What another model has seen before is the past.
      const news = row.model === null || row.model === model.key;
      await sightingsDue(tx, row, observed, { news, nowMs });
    }
    metrics.observations.inc();
    return { underWay: false, columns: { ...columns, revision } };
  }
}

/**
 * Time and length may be others now, for the points of every model that has observed the run. A run that people have
 * reviewed has a point also without an observation, as soon as it is complete, and all of its points say one label.
 */
function pointsMayChange(before: RunRow, after: RunRow, { details }: CompletionReason): boolean {
  if (details && (before.model !== null || before.reviewed === 1)) return true;
  return before.reviewed === 1 && (before.state !== after.state || before.label !== after.label);
}

function lifecycle(row: RunRow, completion: Completion, nowMs: number, underWay: boolean) {
  if (completion.complete) {
    return {
      state: 'complete' as const,
      complete_because: completion.because,
      completed_at: row.state === 'complete' ? row.completed_at : nowMs,
      decide_at: null,
    };
  }
  const decideAtMs = underWay ? Math.min(nowMs + QUIET_MS, completion.decideAtMs) : completion.decideAtMs;
  return { state: 'open' as const, complete_because: null, completed_at: null, decide_at: decideAtMs };
}

/** The time series must follow: the point of this run is another one now, or none. */
const enqueueRun = (tx: Db, row: RunRow): Promise<void> =>
  enqueuePoints(tx, [runPoint({ trapId: row.trap_id, runId: row.run_id })]);

const RUNS_AT_ONCE = 50;

/**
 * One step of looking at the runs whose time has come: silence that completes a run, a receipt that names what is
 * missing, a first observation of a run that is still open.
 *
 * @returns true where there is probably more
 */
export async function watchRuns(catalog: Catalog, settler: RunCompleter, nowMs: number): Promise<boolean> {
  const due = await dueRuns(catalog.reader, nowMs, RUNS_AT_ONCE);
  for (const run of due) await catalog.db.transaction().execute((tx) => settler.evaluate(tx, run, nowMs));
  return due.length >= RUNS_AT_ONCE;
}
