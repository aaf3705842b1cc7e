import type { Catalog, Db } from '../../libs/database/index.js';
import {
  type Completion,
  completionOf,
  type Run,
  type RunDetails,
  type RunId,
  runKey,
  withDetails,
} from '../../libs/domain/index.js';
import { buildReceipt, topicOf } from '../../libs/protocol/index.js';
import {
  type ActiveModel,
  hasCropsInProgress,
  type NewObservation,
  observeRun,
  queueUnseen,
  RunVerdict,
} from '../observations/index.js';
import { enqueuePoints, putInOutbox } from '../outbox/index.js';
import { hasRemovedUnseen } from '../retention/index.js';
import { dueRuns, lockKnownRun, lockRun, receiptOfRun, rejectedCrops } from '../runs/index.js';
import { metrics } from './ingest.metrics.js';
import { type IngestSettings, QUIET_MS } from './settings.js';

interface CompletionReason {
  /** The trap asks for a receipt: it is answered even if it was before. */
  readonly endCame?: boolean;
  /** What `meta` or `end` says, merged before anything is decided. */
  readonly details?: RunDetails;
  readonly manifestCame?: boolean;
}

/**
 * Decides what a run is by now: complete or not, its receipt, its observation. Everything is read from the catalog
 * inside the caller's transaction and written with it, so that any process may do it, at any time, any number of times.
 */
export class RunCompleter {
  private readonly verdict: RunVerdict;

  constructor(
    private readonly settings: Pick<IngestSettings, 'completion' | 'receiptWaitMs' | 'influx'>,
    /** The model that speaks now; undefined while there is none. */
    private readonly model: () => ActiveModel | undefined,
  ) {
    // This process knows whether there is an InfluxDB: no need to ask the catalog for every run.
    this.verdict = new RunVerdict(settings.influx ? enqueuePoints : async () => {});
  }

  /** @returns the run as it is now; undefined where there is none: only what a message says of it makes it known */
  async evaluate(
    tx: Db,
    run: RunId,
    nowMs: number,
    { details, endCame = false, manifestCame }: CompletionReason = {},
  ): Promise<Run | undefined> {
    const before = await (details ? lockRun(tx, run, nowMs) : lockKnownRun(tx, run));
    if (!before) return undefined;
    const told = {
      ...(details && withDetails(before, details, nowMs)),
      ...(endCame && { endReceivedAtMs: nowMs }),
    };
    const now: Run = { ...before, ...told };
    const rejected = this.isShort(now) ? await rejectedCrops(tx, run) : undefined;
    const accountedFor = now.storedCrops + (rejected?.length ?? 0);
    const completion = completionOf(
      {
        announcedCrops: now.announcedCrops ?? undefined,
        endReceivedAtMs: now.endReceivedAtMs ?? undefined,
        // A crop that was refused for good will not come any more: waiting for it helps nobody.
        storedCrops: accountedFor,
        lastReceivedAtMs: now.lastReceivedAtMs,
      },
      nowMs,
      this.settings.completion,
    );
    const awaitsCrops = this.isShort(now) && accountedFor < (now.announcedCrops ?? 0);
    const receipt = await this.receipt(tx, now, nowMs, { endCame, awaitsCrops, rejected });
    const { isUnderWay, observation } = await this.observe(tx, now, completion.complete);
    const after = await this.verdict.apply(tx, before, {
      nowMs,
      fields: { ...told, ...lifecycle(now, completion, nowMs, isUnderWay), ...receipt },
      observation,
      hasOtherCrops: manifestCame === true,
    });
    if (after.isObserved) metrics.observations.inc();
    return after.run;
  }

  /**
   * After a classification: a complete run whose last crop it was gets its observation; an open one waits to be quiet.
   * The row is held before the crops are looked at, or two processes could each leave the last crop to the other.
   */
  async evaluateIfClassified(tx: Db, run: RunId, nowMs: number): Promise<void> {
    const known = await lockKnownRun(tx, run);
    // It may have been deleted while its crops were at the classifier.
    if (known?.state === 'complete' && !(await hasCropsInProgress(tx, run)))
      await this.evaluate(tx, run, nowMs);
  }

  private isShort(run: Run): boolean {
    return run.endReceivedAtMs !== null && run.storedCrops < (run.announcedCrops ?? 0);
  }

  /** Puts the receipt out where one is due, and says when to come back. */
  private async receipt(
    tx: Db,
    run: Run,
    nowMs: number,
    {
      endCame,
      awaitsCrops,
      rejected,
    }: {
      readonly endCame: boolean;
      readonly awaitsCrops: boolean;
      readonly rejected: Awaited<ReturnType<typeof rejectedCrops>> | undefined;
    },
  ): Promise<Partial<Run>> {
    if (run.endReceivedAtMs === null) return {};
    const isDue = run.receiptDueAtMs !== null && run.receiptDueAtMs <= nowMs;
    if (!endCame && !isDue && (run.receiptState === 'complete' || awaitsCrops)) return {};
    const later = { receiptDueAtMs: run.receiptDueAtMs ?? nowMs + this.settings.receiptWaitMs };
    if (awaitsCrops && !isDue) return later;
    const receipt = await receiptOfRun(tx, run, rejected);
    if (receipt.state === 'incomplete' && !isDue) return later;
    const topic = topicOf.receipt(run);
    await putInOutbox(tx, [
      { kind: 'receipt', key: runKey(run), topic, retain: 0, payload: buildReceipt(receipt, nowMs) },
    ]);
    return {
      receiptDueAtMs: null,
      receiptState: receipt.state === 'complete' ? 'complete' : 'incomplete',
    };
  }

  /** What the model says of a run, once it has seen all its crops; otherwise whether crops are on their way to it. */
  private async observe(
    tx: Db,
    run: Run,
    final: boolean,
  ): Promise<{ readonly isUnderWay: boolean; readonly observation?: NewObservation }> {
    const model = this.model();
    if (!model || run.storedCrops === 0) return { isUnderWay: false };
    if ((await hasCropsInProgress(tx, run)) || (await queueUnseen(tx, run, run.placeMs, model.key)) > 0)
      return { isUnderWay: true };
    // A late crop alone must not overrule what another model said when all pictures were there.
    if (run.removedAtMs !== null && (await hasRemovedUnseen(tx, run, model.key)))
      return { isUnderWay: false };
    const said = await observeRun(tx, run, model);
    return { isUnderWay: false, ...(said && { observation: { model: model.key, said, final } }) };
  }
}

function lifecycle(run: Run, completion: Completion, nowMs: number, isUnderWay: boolean): Partial<Run> {
  if (completion.complete) {
    return {
      state: 'complete',
      completeBecause: completion.because,
      completedAtMs: run.state === 'complete' ? run.completedAtMs : nowMs,
      decideAtMs: null,
    };
  }
  const decideAtMs = isUnderWay ? Math.min(nowMs + QUIET_MS, completion.decideAtMs) : completion.decideAtMs;
  return { state: 'open', completeBecause: null, completedAtMs: null, decideAtMs };
}

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
