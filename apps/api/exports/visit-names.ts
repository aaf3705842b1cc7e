import type { CropForStandards } from '../../../libs/catalog/index.js';
import { type Seen, seenIn } from './seen.js';
import type { TimedVisit, Visit } from './visits.js';

export const eventId = ({ run }: Visit): string => `${run.trap_id}:${run.run_id}`;

export const mediaId = ({
  trap_id,
  run_id,
  crop_id,
}: Pick<CropForStandards, 'trap_id' | 'run_id' | 'crop_id'>): string => `${trap_id}:${run_id}:${crop_id}`;

/** What was seen, as the verdict that counts has it. */
export const seenAt = ({ run }: Visit): Seen =>
  seenIn({ ...run, insect: run.insect === 1, unsure: run.unsure === 1 });

/** When a crop was taken: as its manifest says, or with its visit. */
export function cropTime({ at_ms }: CropForStandards, { run, times }: TimedVisit) {
  const isOwn = at_ms !== null && (run.clock_suspect === 0 || run.time_from !== null);
  return { atMs: isOwn ? at_ms : times.startMs, offsetMin: times.startOffsetMin, isOwn };
}
