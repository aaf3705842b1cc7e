import type { Db } from '../../libs/database/index.js';
import {
  DAY_MS,
  HUMAN,
  type ModelObservation,
  type Observation,
  type Review,
  type Run,
  type RunId,
  runKey,
  verdictOf,
} from '../../libs/domain/index.js';
import { buildLast, buildResult, type PayloadFields, topicOf } from '../../libs/protocol/index.js';
import { enqueueForSender, noteChange, type PointName, putInOutbox, runPoint } from '../outbox/index.js';
import { reviewsOf, saveRun } from '../runs/index.js';
import { sightingsDue } from './first-sightings.js';
import {
  findObservation,
  hasNewerResult,
  newestResult,
  putObservation,
  saysTheSame,
} from './observations.repository.js';

/** A sighting that becomes known later than this after its run was received is the past. */
const NEWS_MS = DAY_MS;

/** What is new about a run. Its verdict, and everything that reports the verdict, follows. */
export interface RunChange {
  readonly nowMs: number;
  /** What changes with it: times, state, counts. */
  readonly fields?: Partial<Run>;
  /** What a model says by now: this model counts from here on. `none`: the run has no observation any more. */
  readonly observation?: NewObservation | 'none' | undefined;
  /** All reviews of the run, where one was added. */
  readonly reviews?: readonly Review[];
  /** Its crops or detections changed, which its point describes, too. */
  readonly hasOtherCrops?: boolean;
}

export interface NewObservation {
  readonly model: string;
  readonly said: Observation;
  /** False while the run is open. */
  readonly final: boolean;
}

type RunVerdictFields = Pick<
  Run,
  'label' | 'taxon' | 'rank' | 'group' | 'probability' | 'insect' | 'unsure' | 'reviewed' | 'model'
>;

/**
 * The only place where the verdict on a run, or the time at which it counts, changes. In the caller's transaction it
 * writes the run and its observation, and lets everything follow that reports them: the messages `result` and `last`, the
 * point in the time series, and first sightings.
 */
export class RunVerdict {
  /** @param enqueue puts points into the queue for InfluxDB; by default as processes do that may know of none */
  constructor(
    private readonly enqueue: (tx: Db, points: readonly PointName[]) => Promise<unknown> = enqueueForSender,
  ) {}

  /**
   * @param before the run as the catalog has it, locked by the caller
   * @returns the run as the catalog has it now, and whether its observation is a new one
   */
  async apply(
    tx: Db,
    before: Run,
    change: RunChange,
  ): Promise<{ readonly run: Run; readonly isObserved: boolean }> {
    const { fields } = change;
    const observation = await observationAfter(tx, before, change);
    const verdict = await verdictAfter(tx, before, change, observation.counts);
    const isOther = verdict !== undefined && differs(before, verdict);
    const isNews = isOther || observation.isNew;
    const after: Run = {
      ...before,
      ...fields,
      ...verdict,
      ...(isNews && { revision: before.revision + 1 }),
    };
    await saveRun(tx, before, changedIn(before, after));
    if (observation.isNew && observation.counts)
      await putObservation(tx, after, { ...observation.counts, revision: after.revision });

    const isMoved = before.placeMs !== after.placeMs || before.startOffsetMin !== after.startOffsetMin;
    if (isNews || before.state !== after.state || isMoved)
      await noteChange(tx, runChange(after, change.reviews ? 'review' : 'verdict'));
    if (isNews) await publishVerdict(tx, after, observation.counts);
    else if (isMoved && after.label !== null) await publishNewest(tx, after.trapId);
    if (observation.touchesFinal || pointChanges(before, after, change))
      await this.enqueue(tx, [runPoint(after)]);
    // What changes while a run is open is no sighting yet.
    if (observation.touchesFinal || isMoved || (isOther && !observation.isNew))
      await sightingsDue(tx, before, after, isNewSighting(before, after, change));
    return { run: after, isObserved: observation.isNew };
  }

  /** The run was deleted with all that is known of it. @param before as it was */
  async forget(tx: Db, before: Run): Promise<void> {
    await noteChange(tx, runChange(before, 'removed'));
    await publishNewest(tx, before.trapId);
    await this.enqueue(tx, [runPoint(before)]);
    await sightingsDue(tx, before, before, false);
  }
}

/** A column that is set to what it was costs as many index entries as a change: only what differs is set. */
const changedIn = (before: Run, after: Run): Partial<Run> =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([field, value]) => value !== undefined && value !== before[field as keyof Run],
    ),
  );

const runChange = ({ trapId, runId }: RunId, state: 'verdict' | 'review' | 'removed') =>
  ({ kind: 'run', trap_id: trapId, item: runId, state }) as const;

interface ObservationAfter {
  /** The observation that counts for the run now, as far as this change had to know it. */
  readonly counts: ModelObservation | undefined;
  readonly isNew: boolean;
  /** It is final, or the one that it replaces was: readers outside know it. */
  readonly touchesFinal: boolean;
}

async function observationAfter(
  tx: Db,
  before: Run,
  { observation, reviews, nowMs }: RunChange,
): Promise<ObservationAfter> {
  if (observation === 'none') return { counts: undefined, isNew: false, touchesFinal: before.model !== null };
  if (observation) {
    const { model, said, final } = observation;
    const known = await findObservation(tx, before, model);
    const next = { ...said, model, final, revision: before.revision, observedAtMs: nowMs };
    if (known && saysTheSame(known, next)) return { counts: known, isNew: false, touchesFinal: false };
    return { counts: next, isNew: true, touchesFinal: final || known?.final === true };
  }
  const counts =
    reviews && before.model !== null ? await findObservation(tx, before, before.model) : undefined;
  return { counts, isNew: false, touchesFinal: false };
}

/** @returns undefined where nothing has changed that a verdict is made of */
async function verdictAfter(
  tx: Db,
  before: Run,
  { observation, reviews }: RunChange,
  counts: ModelObservation | undefined,
): Promise<RunVerdictFields | undefined> {
  if (!observation && !reviews) return undefined;
  // While a person's verdict stands, the row says so: most runs need no look at the reviews.
  const history = reviews ?? (before.reviewed ? await reviewsOf(tx, before) : []);
  const verdict = verdictOf(counts, history);
  const named = verdict?.named;
  return {
    model: counts?.model ?? null,
    label: named?.label ?? null,
    taxon: named?.taxon ?? null,
    rank: named?.rank ?? null,
    group: named?.group ?? null,
    probability: verdict?.probability ?? null,
    insect: named?.insect ?? null,
    unsure: verdict?.unsure ?? null,
    reviewed: verdict?.reviewed === true,
  };
}

const differs = (run: Run, verdict: RunVerdictFields): boolean =>
  (Object.keys(verdict) as (keyof RunVerdictFields)[]).some((field) => run[field] !== verdict[field]);

/** What a point says of the run itself, whatever its verdict. */
const OF_THE_POINT = ['placeMs', 'startMs', 'startOffsetMin', 'endMs', 'durationS', 'clockSuspect'] as const;
/** What it says besides where people have reviewed the run; it has one without an observation as soon as it is complete. */
const OF_REVIEWED = ['state', 'label', 'taxon', 'insect', 'probability', 'unsure', 'reviewed'] as const;

/** True where a point that the run has, or should have, says something else now. */
function pointChanges(before: Run, after: Run, { hasOtherCrops, observation }: RunChange): boolean {
  const isReviewed = before.reviewed || after.reviewed;
  if (before.model === null && !isReviewed) return false;
  if (hasOtherCrops || observation === 'none') return true;
  const fields = isReviewed ? [...OF_THE_POINT, ...OF_REVIEWED] : OF_THE_POINT;
  return fields.some((field) => before[field] !== after[field]);
}

/** What another model has observed before, or what changes long after the run was received, is the past: no news. */
function isNewSighting(before: Run, after: Run, { observation, reviews, nowMs }: RunChange): boolean {
  if (reviews) return true;
  if (nowMs - after.lastReceivedAtMs > NEWS_MS) return false;
  return typeof observation !== 'object' || before.model === null || before.model === observation.model;
}

/** Puts out the messages that report the verdict on a run: `result`, and `last` unless the trap has a newer one. */
async function publishVerdict(tx: Db, run: Run, observation: ModelObservation | undefined): Promise<void> {
  if (run.label === null) return publishNewest(tx, run.trapId);
  const result = resultOf(run, run.label, observation);
  const message = { key: runKey(run), topic: topicOf.result(run), payload: buildResult(result) };
  await putInOutbox(tx, [{ kind: 'result', retain: 0, ...message }]);
  if (!(await hasNewerResult(tx, run.trapId, run.placeMs))) await putLast(tx, run.trapId, result);
}

/** Reports what the trap's newest run showed, where another run may be the newest now. */
async function publishNewest(tx: Db, trapId: string): Promise<void> {
  const run = await newestResult(tx, trapId);
  if (run?.label == null) return;
  const observation = run.model === null ? undefined : await findObservation(tx, run, run.model);
  await putLast(tx, trapId, resultOf(run, run.label, observation));
}

const putLast = (tx: Db, trapId: string, result: PayloadFields<'last'>): Promise<void> =>
  putInOutbox(tx, [
    { kind: 'last', key: trapId, topic: topicOf.last(trapId), retain: 1, payload: buildLast(result) },
  ]);

function resultOf(run: Run, label: string, observation: ModelObservation | undefined) {
  const { reviewed } = run;
  return {
    trap: run.trapId,
    run: run.runId,
    label,
    taxon: run.taxon ?? undefined,
    rank: run.rank ?? undefined,
    group: run.group ?? undefined,
    insect: run.insect === true,
    // Why the model is unsure, and what it fell back to, is no reason of the person who has looked.
    rolledUp: (!reviewed && observation?.rolledUp) || undefined,
    probability: run.probability ?? 0,
    unsure: run.unsure === true,
    reason: (!reviewed && observation?.reason) || undefined,
    reviewed: reviewed || undefined,
    crops: observation?.crops ?? 0,
    model: observation?.model ?? HUMAN,
    final: observation ? observation.final : run.state === 'complete',
    revision: run.revision,
  };
}
