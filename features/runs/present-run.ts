import type { z } from 'zod';
import { isTimeKnown, type ObservedRun, type Run, visitLengthS } from '../../libs/domain/index.js';
import { deviceIso, iso, isoOrNull, type Links } from '../http/index.js';
import type { RunContext } from './run-context.repository.js';
import type { MODEL_OBSERVATION, OBSERVATION, RUN } from './runs.schema.js';

/** @param firstCropId the picture that a list shows; undefined if there is none, or none any more */
export function presentRun(
  run: ObservedRun,
  firstCropId: string | undefined,
  links: Links,
  context: RunContext,
): z.output<typeof RUN> {
  const { trapId, runId } = run;
  const picture = firstCropId === undefined ? undefined : { trapId, runId, cropId: firstCropId };
  return {
    trapId,
    runId,
    trapName: context.trapName,
    timeZone: context.timeZone,
    firstSighting: context.firstSighting,
    sessionId: run.sessionId ?? undefined,
    trackId: run.trackId ?? undefined,
    start: deviceIso(run.startMs, run.startSent),
    startOffsetMin: run.startOffsetMin,
    end: deviceIso(run.endMs, run.endSent),
    endOffsetMin: run.endOffsetMin,
    durationS: visitLengthS(run) ?? null,
    clockSuspect: run.clockSuspect,
    timeKnown: isTimeKnown(run.placeMs),
    timeFrom: runTimeFrom(run),
    storedCrops: run.storedCrops,
    announcedCrops: run.announcedCrops,
    bytes: run.storedBytes,
    status: run.state,
    completedBecause: run.completeBecause,
    completedAt: isoOrNull(run.completedAtMs),
    endStatus: run.endStatus,
    receipt: run.receiptState,
    receivedAt: { first: iso(run.firstReceivedAtMs), last: iso(run.lastReceivedAtMs) },
    removed: run.removedAtMs !== null && picture === undefined,
    reviewed: run.reviewed,
    observation: presentVerdict(run),
    modelObservation: presentModelObservation(run),
    links: {
      self: links.run(run),
      trap: links.trap(trapId),
      image: picture ? links.crop(picture) : null,
      thumbnail: picture ? links.thumbnail(picture) : null,
    },
  };
}

/** Where the time of a run comes from; null if it is unknown. */
export function runTimeFrom({
  placeMs,
  timeFrom,
  startMs,
  endMs,
}: Pick<Run, 'placeMs' | 'timeFrom' | 'startMs' | 'endMs'>): z.output<typeof RUN>['timeFrom'] {
  if (!isTimeKnown(placeMs)) return null;
  return timeFrom ?? (startMs === null && endMs === null ? 'receipt' : 'trap');
}

/** The verdict that counts; null while there is none. */
function presentVerdict(run: ObservedRun): z.output<typeof OBSERVATION> | null {
  const { observation, reviewed } = run;
  if (run.label === null) return null;
  // How the model came to its label does not hold for the label that a person gave.
  const ofModel = reviewed ? null : observation;
  return {
    label: run.label,
    taxon: run.taxon ?? undefined,
    rank: run.rank ?? undefined,
    group: run.group ?? undefined,
    probability: run.probability,
    unsure: run.unsure === true,
    reason: ofModel?.reason,
    rolledUp: ofModel?.rolledUp ?? false,
    insect: run.insect === true,
    crops: observation?.crops ?? null,
    top1Crops: ofModel?.top1Crops ?? null,
    top1ProbMean: ofModel?.top1ProbMean ?? null,
    model: run.model,
    final: isFinal(run),
    revision: run.revision,
    observedAt: isoOrNull(observation?.observedAtMs ?? null),
  };
}

/** What the model decided, whatever people made of it; null while the run is not classified. */
function presentModelObservation(run: ObservedRun): z.output<typeof MODEL_OBSERVATION> | null {
  const { observation } = run;
  if (!observation) return null;
  return {
    label: observation.label,
    taxon: observation.taxon,
    rank: observation.rank,
    group: observation.group,
    probability: observation.probability,
    unsure: observation.unsure,
    reason: observation.reason,
    rolledUp: observation.rolledUp,
    insect: observation.insect,
    crops: observation.crops,
    top1Crops: observation.top1Crops,
    top1ProbMean: observation.top1ProbMean,
    model: observation.model,
    final: isFinal(run),
    observedAt: iso(observation.observedAtMs),
  };
}

/** If people alone have given a verdict, nothing more is expected once the run is complete. */
const isFinal = ({ observation, state }: ObservedRun): boolean =>
  observation ? observation.final : state === 'complete';
