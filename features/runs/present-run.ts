import type { z } from 'zod';
import type { Db } from '../../libs/database/index.js';
import { isTimeKnown, type RunId, runKey, visitLengthS } from '../../libs/domain/index.js';
import type { Principal } from '../accounts/index.js';
import { deviceIso, iso, isoOrNull, type Links } from '../http/index.js';
import { firstCrops, type RunWithObservation } from './run-list.repository.js';
import { reviewsOfRuns } from './run-reviews.repository.js';
import { reviewViews } from './run-reviews.schema.js';
import type { MODEL_OBSERVATION, OBSERVATION, RUN } from './runs.schema.js';

export const runIdOf = (row: { trap_id: string; run_id: string }): RunId => ({
  trapId: row.trap_id,
  runId: row.run_id,
});

/** One run, one visit. `firstCropId`: the picture that a list shows; undefined where there is none, or none any more. */
export function runView(
  row: RunWithObservation,
  firstCropId: string | undefined,
  links: Links,
): z.output<typeof RUN> {
  const run = runIdOf(row);
  return {
    ...run,
    sessionId: row.session_id ?? undefined,
    trackId: row.track_id ?? undefined,
    start: deviceIso(row.start_ms, row.start_sent),
    startOffsetMin: row.start_offset_min,
    end: deviceIso(row.end_ms, row.end_sent),
    endOffsetMin: row.end_offset_min,
    durationS: visitLengthS(row) ?? null,
    clockSuspect: row.clock_suspect === 1,
    timeKnown: isTimeKnown(row.at_ms),
    timeFrom: timeFromOf(row),
    storedCrops: row.stored_crops,
    announcedCrops: row.announced_crops,
    bytes: row.stored_bytes,
    status: row.state,
    completedBecause: row.complete_because,
    completedAt: isoOrNull(row.completed_at),
    endStatus: row.end_status,
    receipt: row.receipt_state,
    receivedAt: { first: iso(row.first_received_at), last: iso(row.last_received_at) },
    removed: row.removed_at !== null && firstCropId === undefined,
    reviewed: row.reviewed === 1,
    observation: observationView(row),
    modelObservation: modelObservationView(row),
    links: {
      self: links.run(run),
      trap: links.trap(run.trapId),
      image: firstCropId === undefined ? null : links.crop({ ...run, cropId: firstCropId }),
      thumbnail: firstCropId === undefined ? null : links.thumbnail({ ...run, cropId: firstCropId }),
    },
  };
}

type RunTimes = Pick<RunWithObservation, 'at_ms' | 'time_from' | 'start_ms' | 'end_ms'>;

/** Who says when the run took place; null where nobody knows. */
export function timeFromOf(row: RunTimes): z.output<typeof RUN>['timeFrom'] {
  if (!isTimeKnown(row.at_ms)) return null;
  return row.time_from ?? (row.start_ms === null && row.end_ms === null ? 'receipt' : 'trap');
}

/** The verdict that counts, or null while there is none. */
function observationView(row: RunWithObservation): z.output<typeof OBSERVATION> | null {
  if (row.label === null) return null;
  const reviewed = row.reviewed === 1;
  return {
    label: row.label,
    taxon: row.taxon ?? undefined,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    probability: row.probability,
    unsure: row.unsure === 1,
    // What follows is how the model came to its label: of a person's it would be wrong.
    reason: reviewed ? undefined : (row.reason ?? undefined),
    rolledUp: !reviewed && row.rolled_up === 1,
    insect: row.insect === 1,
    crops: row.voting_crops,
    top1Crops: reviewed ? null : row.top1_crops,
    top1ProbMean: reviewed ? null : row.top1_prob_mean,
    model: row.model,
    final: isFinal(row),
    revision: row.revision,
    observedAt: isoOrNull(row.observed_at),
  };
}

/** What the model says, whatever people made of it; null while the run is not classified. */
function modelObservationView(row: RunWithObservation): z.output<typeof MODEL_OBSERVATION> | null {
  const { observed_label: label, model, observed_probability: probability } = row;
  if (label === null || model === null || probability === null) return null;
  return {
    label,
    taxon: row.observed_taxon ?? undefined,
    rank: row.observed_rank ?? undefined,
    group: row.observed_group ?? undefined,
    probability,
    unsure: row.observed_unsure === 1,
    reason: row.reason ?? undefined,
    rolledUp: row.rolled_up === 1,
    insect: row.observed_insect === 1,
    crops: row.voting_crops,
    top1Crops: row.top1_crops,
    top1ProbMean: row.top1_prob_mean,
    model,
    final: isFinal(row),
    observedAt: isoOrNull(row.observed_at),
  };
}

/** Where people alone have spoken, nothing more is expected as soon as the run is complete. */
const isFinal = ({ final, state }: RunWithObservation): boolean =>
  final === null ? state === 'complete' : final === 1;

/** Looks up for some runs at once what their rows do not say, and shows each as lists have it. */
export async function presentRuns(
  db: Db,
  rows: readonly RunWithObservation[],
  links: Links,
  user: Principal,
) {
  const runs = rows.map(runIdOf);
  const first = await firstCrops(db, runs);
  const images = new Map(first.map((crop) => [runKey(runIdOf(crop)), crop.crop_id]));
  const reviews = await reviewsOfRuns(db, runs);
  return (row: RunWithObservation) => {
    const key = runKey(runIdOf(row));
    return { ...runView(row, images.get(key), links), reviews: reviewViews(reviews.get(key) ?? [], user) };
  };
}
