import { setImmediate as others } from 'node:timers/promises';
import { type Db, runIdOf } from '../../libs/database/index.js';
import {
  decidingReview,
  knownTimeMs,
  type ObservedRun,
  type RecordedReview,
  runKey,
} from '../../libs/domain/index.js';
import { pagesOfCrops } from '../crops/index.js';
import { pagesOfRuns, type RunFilter, reviewsOfRuns } from '../runs/index.js';
import { type ObservationType, observationTypeOf } from './cells.js';
import { type DeploymentIndex, type ExportedDeployment, noteVisit } from './deployment-index.js';
import { type CropSpan, type EventTimes, eventTimes } from './event-times.js';
import { type CropForStandards, cropSpans, cropsForStandards } from './exports.repository.js';

/** So few that the service answers others in between. */
const RUNS_AT_ONCE = 100;
const CROPS_AT_ONCE = 300;

/** One run with all that an exchange format says of it. */
export interface Visit {
  readonly run: ObservedRun;
  readonly deployment: ExportedDeployment;
  /** Undefined where nobody knows when it was. */
  readonly times: EventTimes | undefined;
  /** The review that decided its verdict. */
  readonly review: RecordedReview | undefined;
}

/** A visit of which it is known when it was. */
export interface TimedVisit extends Visit {
  readonly times: EventTimes;
}

export const isTimed = (visit: Visit): visit is TimedVisit => visit.times !== undefined;

interface VisitWithCrops<V extends Visit> {
  readonly visit: V;
  /** Some of its crops, in time order. */
  readonly crops: readonly CropForStandards[];
}

/** The runs of a filter, newest first, page by page. Between two pages others have their turn. */
export async function* visitPages(
  db: Db,
  filter: RunFilter,
  book: DeploymentIndex,
  signal: AbortSignal,
): AsyncGenerator<readonly Visit[]> {
  for await (const runs of pagesOfRuns(db, filter, RUNS_AT_ONCE)) {
    signal.throwIfAborted();
    const visits = runs.filter((run) => !isNoVisit(run));
    const spans = await spansOf(db, visits);
    const reviews = await decidingReviews(db, visits);
    yield visits.map((run) => {
      const key = runKey(run);
      const deployment = book.of(run.trapId, knownTimeMs(run.placeMs));
      const times = eventTimes(run, spans.get(key));
      if (times) noteVisit(deployment, times);
      return { run, deployment, times, review: reviews.get(key) };
    });
    await others();
  }
}

/** The trap broke off and has sent no picture: nothing was seen. A person who says what it was makes a visit of it. */
const isNoVisit = ({ endStatus, storedCrops, reviewed }: ObservedRun): boolean =>
  endStatus === 'aborted' && storedCrops === 0 && !reviewed;

/** The crops of these visits, page by page. */
export async function* cropPages<V extends Visit>(
  db: Db,
  visits: readonly V[],
  signal: AbortSignal,
): AsyncGenerator<readonly VisitWithCrops<V>[]> {
  const byRun = new Map<ObservedRun, V>(visits.map((visit) => [visit.run, visit]));
  const runs = visits.map(({ run }) => run);
  for await (const page of pagesOfCrops(db, runs, CROPS_AT_ONCE, cropsForStandards)) {
    signal.throwIfAborted();
    yield page.map(({ run, crops }) => ({ visit: byRun.get(run) as V, crops }));
    await others();
  }
}

/** Of runs whose own times are not known, when their crops were taken. */
async function spansOf(db: Db, runs: readonly ObservedRun[]): Promise<Map<string, CropSpan>> {
  const open = runs.filter((run) => run.startMs === null || run.endMs === null);
  const spans = await cropSpans(db, open);
  return new Map(
    spans.map((span) => [runKey(runIdOf(span)), { firstMs: span.first_ms, lastMs: span.last_ms }]),
  );
}

async function decidingReviews(db: Db, runs: readonly ObservedRun[]): Promise<Map<string, RecordedReview>> {
  const reviewed = runs.filter((run) => run.reviewed);
  const deciding = new Map<string, RecordedReview>();
  for (const [key, reviews] of await reviewsOfRuns(db, reviewed)) {
    const review = decidingReview(reviews);
    if (review) deciding.set(key, review);
  }
  return deciding;
}

export const eventId = ({ run }: Visit): string => `${run.trapId}:${run.runId}`;

export const mediaId = ({
  trap_id,
  run_id,
  crop_id,
}: Pick<CropForStandards, 'trap_id' | 'run_id' | 'crop_id'>): string => `${trap_id}:${run_id}:${crop_id}`;

/** What was seen, as the verdict that counts has it. */
export const seenAt = ({ run }: Visit): ObservationType =>
  observationTypeOf({ ...run, insect: run.insect === true, unsure: run.unsure === true });

/** When a crop was taken: as its manifest says, or with its visit. */
export function cropTime({ at_ms }: CropForStandards, { run, times }: TimedVisit) {
  const isOwn = at_ms !== null && (!run.clockSuspect || run.timeFrom !== null);
  return { atMs: isOwn ? at_ms : times.startMs, offsetMin: times.startOffsetMin, isOwn };
}
