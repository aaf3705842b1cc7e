import { z } from 'zod';
import type { RunInOrder } from '../../../libs/catalog/index.js';
import { isId, round2, timeOrReceiptMs, visitLengthS, withMicros } from '../../../libs/domain/index.js';
import { iso } from '../show.js';

const MINUTE_MS = 60_000;
/** Run ids that came by an upload: the day, and what waskrabbeltda calls `tracking_run_ID`. */
const UPLOADED = /^(?<date>\d{4}-\d\d-\d\d)_(?<name>ID\d{1,9}-\d\d-\d\d-\d\d)$/;
const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;

/** What a run is called there. `date` and `name` together find it again. */
export interface TrackingRunName {
  readonly date: string;
  readonly name: string;
}

type NamedRun = Pick<RunInOrder, 'run_id' | 'at_ms' | Times>;
type Times = 'start_ms' | 'start_offset_min' | 'start_sent' | 'end_ms' | 'end_offset_min' | 'end_sent';

/** A run that came another way than by an upload is called by its id, on the day of its end. */
export function trackingRunName(run: NamedRun): TrackingRunName {
  const { date, name } = UPLOADED.exec(run.run_id)?.groups ?? {};
  if (date !== undefined && name !== undefined) return { date, name };
  return { date: dayOf(run), name: run.run_id };
}

/** The ids that a run of this name may have. */
export const runIdsOf = ({ date, name }: TrackingRunName): readonly string[] =>
  [`${date}_${name}`, name].filter(isId);

function dayOf({ at_ms, start_ms, start_offset_min, end_ms, end_offset_min }: NamedRun): string {
  const offsetMin = end_offset_min ?? start_offset_min ?? 0;
  return localIso(end_ms ?? start_ms ?? timeOrReceiptMs(at_ms), offsetMin).slice(0, 10);
}

/** One line of that system's table, with its column names. */
export const TRACKING_RUN = z
  .strictObject({
    date: z.string().meta({ description: 'Day of its end, by the clock of the trap' }),
    start_time: z.string().nullable(),
    end_time: z.string().nullable(),
    duration_s: z.number().int().nullable(),
    track_ID: z.union([z.number().int(), z.string()]).nullable(),
    track_ID_imgs: z.number().int(),
    tracking_run_ID: z.string(),
    top1: z.string(),
    top1_prob: z.number().nullable(),
  })
  .meta({ id: 'TrackingRun' });

export const EXAMPLE_TRACKING_RUN: z.output<typeof TRACKING_RUN> = {
  date: '2026-06-01',
  start_time: '2026-06-01 12:00:00.123456',
  end_time: '2026-06-01 12:00:07.654321',
  duration_s: 7,
  track_ID: 7,
  track_ID_imgs: 8,
  tracking_run_ID: 'ID7-12-00-07',
  top1: 'honeybee',
  top1_prob: 0.91,
};

export function trackingRunView(run: RunInOrder): z.output<typeof TRACKING_RUN> {
  const { date, name } = trackingRunName(run);
  const probability = run.reviewed === 1 ? run.probability : (run.top1_prob_mean ?? run.probability);
  return {
    date,
    start_time: localTime(run.start_sent, run.start_ms, run.start_offset_min),
    end_time: localTime(run.end_sent, run.end_ms, run.end_offset_min),
    duration_s: durationOf(run),
    track_ID: trackOf(run.track_id),
    track_ID_imgs: run.stored_crops,
    tracking_run_ID: name,
    top1: run.label ?? '',
    top1_prob: probability === null ? null : round2(probability),
  };
}

/** Local time without zone, as Python writes it; what the trap sent so stays as it is unless a correction has moved it. */
function localTime(sent: string | null, atMs: number | null, offsetMin: number | null): string | null {
  if (atMs === null) return null;
  const local = localIso(withMicros(atMs, sent), offsetMin ?? 0)
    .slice(0, -1)
    .replace('T', ' ');
  const said = sent !== null && LOCAL.test(sent) ? sent.replace('T', ' ') : '';
  return isSameSecond(said, local) ? said : local;
}

const localIso = (atMs: number, offsetMin: number): string => iso(atMs + offsetMin * MINUTE_MS);

const isSameSecond = (one: string, other: string): boolean => one.slice(0, 19) === other.slice(0, 19);

function durationOf(run: RunInOrder): number | null {
  const lengthS = visitLengthS(run);
  return lengthS === undefined ? null : Math.trunc(lengthS);
}

function trackOf(trackId: string | null): number | string | null {
  return trackId !== null && /^\d{1,15}$/.test(trackId) ? Number(trackId) : trackId;
}
