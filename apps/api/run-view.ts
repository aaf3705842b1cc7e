import type { z } from 'zod';
import type { RunWithObservation } from '../../libs/catalog/index.js';
import { isTimeKnown, type RunId, visitLengthS } from '../../libs/domain/index.js';
import type { Links } from './links.js';
import { modelObservationView, observationView } from './observation-view.js';
import type { RUN } from './run-schema.js';
import { deviceIso, iso, isoOrNull } from './show.js';

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
