import { readTime } from '../../../libs/domain/index.js';
import type { FieldError } from '../problem.js';
import { Problem } from '../problem.js';

const MINUTE_MS = 60_000;
const DURATION = /^\d{1,9}(?:\.\d{1,9})?$/;
const A_TIME = 'must be a time such as 2026-06-01 12:00:07.5 (without zone: local time of the trap)';

/** What the fields of an upload say of its run. */
export interface TrackingRun {
  readonly runId: string;
  readonly trackId: number;
  /** As they were sent. */
  readonly start: string;
  readonly end: string;
  readonly durationS: number | undefined;
}

const FIELDS = ['start_date', 'end_date'];
export type UploadFields = Readonly<Record<string, string | undefined>>;

/** Whether all fields without which a run has no name have come. */
export const areComplete = (fields: UploadFields): boolean =>
  FIELDS.every((name) => fields[name] !== undefined);

/**
 * The run of an upload. waskrabbeltda names it by the day and the second of its end and by its track, so the same
 * upload is always the same run here.
 *
 * @throws Problem 422 with every field that is missing or wrong
 */
export function trackingRunOf(trackId: number, fields: UploadFields): TrackingRun {
  const { start_date: start = '', end_date: end = '', duration_s: duration } = fields;
  const errors: FieldError[] = FIELDS.flatMap((field) =>
    readTime(fields[field] ?? '', 'UTC', 0) ? [] : [{ field, message: A_TIME }],
  );
  if (duration !== undefined && !DURATION.test(duration))
    errors.push({ field: 'duration_s', message: 'must be a number of seconds' });
  if (errors.length) {
    const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new Problem(422, 'bad-payload', `${detail}.`, { errors });
  }
  const durationS = duration === undefined ? undefined : Number(duration);
  return { runId: runIdOf(trackId, end), trackId, start, end, durationS };
}

/** `2026-06-01_ID7-12-00-07`: its day, and what waskrabbeltda calls `tracking_run_ID`. */
function runIdOf(trackId: number, end: string): string {
  const time = readTime(end, 'UTC', 0);
  const local = new Date((time?.utcMs ?? 0) + (time?.offsetMin ?? 0) * MINUTE_MS).toISOString();
  return `${local.slice(0, 10)}_ID${trackId}-${local.slice(11, 19).replaceAll(':', '-')}`;
}
