import type { Selectable, Updateable } from 'kysely';
import { type Db, type RunsTable, runIdOf } from '../../libs/database/index.js';
import {
  DAY_MS,
  HUMAN,
  type ModelVerdict,
  type Observation,
  runKey,
  verdictOf,
} from '../../libs/domain/index.js';
import { buildLast, buildResult, type PayloadFields, topicOf } from '../../libs/protocol/index.js';
import { enqueueForSender, noteChange, type PointName, putInOutbox, runPoint } from '../outbox/index.js';
import { type ReviewRow, type RunRow, reviewOf, reviewsOf, updateRun } from '../runs/index.js';
import { sightingsDue } from './first-sightings.js';
import {
  asRow,
  findObservation,
  hasNewerResult,
  newestResult,
  type ObservationRow,
  putObservation,
  saysTheSame,
} from './observations.repository.js';

/** A sighting that becomes known later than this after its run was received is the past. */
const NEWS_MS = DAY_MS;

/** What is new about a run. Its verdict, and everything that reports the verdict, follows. */
export interface RunChange {
  readonly nowMs: number;
  /** Columns that change with it: times, state, counts. */
  readonly columns?: Updateable<RunsTable>;
  /** What a model says by now: this model counts from here on. `none`: the run has no observation any more. */
  readonly observation?: NewObservation | 'none' | undefined;
  /** All reviews of the run, where one was added. */
  readonly reviews?: readonly ReviewRow[];
  /** Its crops or detections changed, which its point describes, too. */
  readonly hasOtherCrops?: boolean;
}

export interface NewObservation {
  readonly model: string;
  readonly said: Observation;
  /** False while the run is open. */
  readonly final: boolean;
}

type VerdictColumns = Pick<
  Selectable<RunsTable>,
  'label' | 'taxon' | 'rank' | 'taxon_group' | 'probability' | 'insect' | 'unsure' | 'reviewed' | 'model'
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
    before: RunRow,
    change: RunChange,
  ): Promise<{ readonly run: RunRow; readonly isObserved: boolean }> {
    const { columns } = change;
    const observation = await observationAfter(tx, before, change);
    const verdict = await verdictAfter(tx, before, change, observation.counts);
    const isOther = verdict !== undefined && differs(before, verdict);
    const isNews = isOther || observation.isNew;
    const after = {
      ...before,
      ...columns,
      ...verdict,
      ...(isNews && { revision: before.revision + 1 }),
    } as RunRow;
    if (columns || isNews)
      await updateRun(tx, runIdOf(before), {
        ...columns,
        ...(isNews && { ...verdict, revision: after.revision }),
      });
    if (observation.isNew && observation.counts)
      await putObservation(tx, { ...observation.counts, revision: after.revision });

    const isMoved = before.at_ms !== after.at_ms || before.start_offset_min !== after.start_offset_min;
    if (isNews || before.state !== after.state || isMoved)
      await noteChange(tx, runChange(after, change.reviews ? 'review' : 'verdict'));
    if (isNews) await publishVerdict(tx, after, observation.counts);
    else if (isMoved && after.label !== null) await publishNewest(tx, after.trap_id);
    if (observation.touchesFinal || pointChanges(before, after, change))
      await this.enqueue(tx, [runPoint(runIdOf(after))]);
    // What changes while a run is open is no sighting yet.
    if (observation.touchesFinal || isMoved || (isOther && !observation.isNew))
      await sightingsDue(tx, before, after, isNewSighting(before, after, change));
    return { run: after, isObserved: observation.isNew };
  }

  /** The run was deleted with all that is known of it. @param before as it was */
  async forget(tx: Db, before: RunRow): Promise<void> {
    await noteChange(tx, runChange(before, 'removed'));
    await publishNewest(tx, before.trap_id);
    await this.enqueue(tx, [runPoint(runIdOf(before))]);
    await sightingsDue(tx, before, before, false);
  }
}

const runChange = ({ trap_id, run_id }: RunRow, state: 'verdict' | 'review' | 'removed') =>
  ({ kind: 'run', trap_id, item: run_id, state }) as const;

interface ObservationAfter {
  /** The observation that counts for the run now, as far as this change had to know it. */
  readonly counts: ObservationRow | undefined;
  readonly isNew: boolean;
  /** It is final, or the one that it replaces was: readers outside know it. */
  readonly touchesFinal: boolean;
}

async function observationAfter(
  tx: Db,
  before: RunRow,
  { observation, reviews, nowMs }: RunChange,
): Promise<ObservationAfter> {
  const run = runIdOf(before);
  if (observation === 'none') return { counts: undefined, isNew: false, touchesFinal: before.model !== null };
  if (observation) {
    const { model, said, final } = observation;
    const known = await findObservation(tx, run, model);
    const next = asRow(run, model, said, { final, revision: before.revision, observedAtMs: nowMs });
    if (known && saysTheSame(known, next)) return { counts: known, isNew: false, touchesFinal: false };
    return { counts: next, isNew: true, touchesFinal: next.final === 1 || known?.final === 1 };
  }
  const counts = reviews && before.model !== null ? await findObservation(tx, run, before.model) : undefined;
  return { counts, isNew: false, touchesFinal: false };
}

/** @returns undefined where nothing has changed that a verdict is made of */
async function verdictAfter(
  tx: Db,
  before: RunRow,
  { observation, reviews }: RunChange,
  counts: ObservationRow | undefined,
): Promise<VerdictColumns | undefined> {
  if (!observation && !reviews) return undefined;
  // While a person's verdict stands, the row says so: most runs need no look at the reviews.
  const history = reviews ?? (before.reviewed === 1 ? await reviewsOf(tx, runIdOf(before)) : []);
  const verdict = verdictOf(counts && modelVerdictOf(counts), history.map(reviewOf));
  const named = verdict?.named;
  return {
    model: counts?.model ?? null,
    label: named?.label ?? null,
    taxon: named?.taxon ?? null,
    rank: named?.rank ?? null,
    taxon_group: named?.group ?? null,
    probability: verdict?.probability ?? null,
    insect: named ? (named.insect ? 1 : 0) : null,
    unsure: verdict ? (verdict.unsure ? 1 : 0) : null,
    reviewed: verdict?.reviewed ? 1 : 0,
  };
}

const differs = (row: RunRow, verdict: VerdictColumns): boolean =>
  (Object.keys(verdict) as (keyof VerdictColumns)[]).some((column) => row[column] !== verdict[column]);

/** What a point says of the run itself, whatever its verdict. */
const OF_THE_POINT = [
  'at_ms',
  'start_ms',
  'start_offset_min',
  'end_ms',
  'duration_s',
  'clock_suspect',
] as const;
/** What it says besides where people have reviewed the run; it has one without an observation as soon as it is complete. */
const OF_REVIEWED = ['state', 'label', 'taxon', 'insect', 'probability', 'unsure', 'reviewed'] as const;

/** True where a point that the run has, or should have, says something else now. */
function pointChanges(before: RunRow, after: RunRow, { hasOtherCrops, observation }: RunChange): boolean {
  const isReviewed = before.reviewed === 1 || after.reviewed === 1;
  if (before.model === null && !isReviewed) return false;
  if (hasOtherCrops || observation === 'none') return true;
  const fields = isReviewed ? [...OF_THE_POINT, ...OF_REVIEWED] : OF_THE_POINT;
  return fields.some((column) => before[column] !== after[column]);
}

/** What another model has observed before, or what changes long after the run was received, is the past: no news. */
function isNewSighting(before: RunRow, after: RunRow, { observation, reviews, nowMs }: RunChange): boolean {
  if (reviews) return true;
  if (nowMs - after.last_received_at > NEWS_MS) return false;
  return typeof observation !== 'object' || before.model === null || before.model === observation.model;
}

/** What the rules need of an observation. */
export const modelVerdictOf = (row: ObservationRow): ModelVerdict => ({
  label: row.label,
  taxon: row.taxon ?? undefined,
  rank: row.rank ?? undefined,
  group: row.taxon_group ?? undefined,
  insect: row.insect === 1,
  probability: row.probability,
  unsure: row.unsure === 1,
});

/** Puts out the messages that report the verdict on a run: `result`, and `last` unless the trap has a newer one. */
async function publishVerdict(tx: Db, row: RunRow, observation: ObservationRow | undefined): Promise<void> {
  if (row.label === null) return publishNewest(tx, row.trap_id);
  const run = runIdOf(row);
  const result = resultOf(row, row.label, observation);
  const message = { key: runKey(run), topic: topicOf.result(run), payload: buildResult(result) };
  await putInOutbox(tx, [{ kind: 'result', retain: 0, ...message }]);
  if (!(await hasNewerResult(tx, run.trapId, row.at_ms))) await putLast(tx, run.trapId, result);
}

/** Reports what the trap's newest run showed, where another run may be the newest now. */
async function publishNewest(tx: Db, trapId: string): Promise<void> {
  const row = await newestResult(tx, trapId);
  if (row?.label == null) return;
  const observation = row.model === null ? undefined : await findObservation(tx, runIdOf(row), row.model);
  await putLast(tx, trapId, resultOf(row, row.label, observation));
}

const putLast = (tx: Db, trapId: string, result: PayloadFields<'last'>): Promise<void> =>
  putInOutbox(tx, [
    { kind: 'last', key: trapId, topic: topicOf.last(trapId), retain: 1, payload: buildLast(result) },
  ]);

function resultOf(row: RunRow, label: string, observation: ObservationRow | undefined) {
  const reviewed = row.reviewed === 1;
  return {
    trap: row.trap_id,
    run: row.run_id,
    label,
    taxon: row.taxon ?? undefined,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    insect: row.insect === 1,
    // Why the model is unsure, and what it fell back to, is no reason of the person who has looked.
    rolledUp: (!reviewed && observation?.rolled_up === 1) || undefined,
    probability: row.probability ?? 0,
    unsure: row.unsure === 1,
    reason: (!reviewed && observation?.reason) || undefined,
    reviewed: reviewed || undefined,
    crops: observation?.crops ?? 0,
    model: observation?.model ?? HUMAN,
    final: observation ? observation.final === 1 : row.state === 'complete',
    revision: row.revision,
  };
}
