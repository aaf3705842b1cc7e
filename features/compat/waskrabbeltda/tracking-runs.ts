import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Catalog, Db } from '../../../libs/database/index.js';
import {
  isId,
  MINUTE_MS,
  type ObservedRun,
  type Run,
  readTime,
  round2,
  timeOrReceiptMs,
  visitLengthS,
  withMicros,
} from '../../../libs/domain/index.js';
import { type FieldError, iso, Problem } from '../../http/index.js';
import { findRun, listRuns, pagesOfRuns, type RunFilter } from '../../runs/index.js';
import { pageOfTraps } from '../../traps/index.js';

const RUNS_AT_ONCE = 500;
const TRAPS_AT_ONCE = 500;

/** What readers of waskrabbeltda look up: the runs of one trap, or of all where none is set. */
export class TrackingRuns {
  constructor(
    private readonly catalog: Catalog,
    private readonly trapId: string | undefined,
  ) {}

  /** All of them, oldest first, as pages; others have their turn in between. */
  async *all(db: Db = this.catalog.reader): AsyncGenerator<readonly ObservedRun[]> {
    for await (const page of pagesOfRuns(db, this.filter, RUNS_AT_ONCE, { oldestFirst: true })) {
      yield page;
      await setImmediate();
    }
  }

  newest(limit: number, only: 'all' | 'insects' = 'all'): Promise<ObservedRun[]> {
    return listRuns(this.catalog.reader, { ...this.filter, insectsOnly: only === 'insects' }, limit);
  }

  /** The runs of this name: one, unless several traps have one. */
  async named(name: TrackingRunName): Promise<ObservedRun[]> {
    const found: ObservedRun[] = [];
    for await (const trapId of this.traps()) {
      for (const runId of runIdsOf(name)) {
        const run = await findRun(this.catalog.reader, { trapId, runId });
        if (run && trackingRunName(run).date === name.date) found.push(run);
      }
    }
    return found;
  }

  private get filter(): RunFilter {
    return { trapIds: this.trapId === undefined ? undefined : [this.trapId] };
  }

  private async *traps(): AsyncGenerator<string> {
    if (this.trapId !== undefined) {
      yield this.trapId;
      return;
    }
    let last: string | undefined;
    for (;;) {
      const page = await pageOfTraps(this.catalog.reader, TRAPS_AT_ONCE, last);
      for (const trap of page) yield trap.trapId;
      if (page.length < TRAPS_AT_ONCE) return;
      last = page.at(-1)?.trapId;
    }
  }
}

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
/** Run ids that came by an upload: the day, and what waskrabbeltda calls `tracking_run_ID`. */
const UPLOADED = /^(?<date>\d{4}-\d\d-\d\d)_(?<name>ID\d{1,9}-\d\d-\d\d-\d\d)$/;
const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;

/** What a run is called there. `date` and `name` together find it again. */
interface TrackingRunName {
  readonly date: string;
  readonly name: string;
}

type NamedRun = Pick<Run, 'runId' | 'placeMs' | 'startMs' | 'startOffsetMin' | 'endMs' | 'endOffsetMin'>;

/** A run that came another way than by an upload is called by its id, on the day of its end. */
export function trackingRunName(run: NamedRun): TrackingRunName {
  const { date, name } = UPLOADED.exec(run.runId)?.groups ?? {};
  if (date !== undefined && name !== undefined) return { date, name };
  return { date: dayOf(run), name: run.runId };
}

/** The ids that a run of this name may have. */
export const runIdsOf = ({ date, name }: TrackingRunName): readonly string[] =>
  [`${date}_${name}`, name].filter(isId);

function dayOf({ placeMs, startMs, startOffsetMin, endMs, endOffsetMin }: NamedRun): string {
  const offsetMin = endOffsetMin ?? startOffsetMin ?? 0;
  return localIso(endMs ?? startMs ?? timeOrReceiptMs(placeMs), offsetMin).slice(0, 10);
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

export function trackingRunView(run: ObservedRun): z.output<typeof TRACKING_RUN> {
  const { date, name } = trackingRunName(run);
  const probability = run.reviewed ? run.probability : (run.observation?.top1ProbMean ?? run.probability);
  return {
    date,
    start_time: localTime(run.startSent, run.startMs, run.startOffsetMin),
    end_time: localTime(run.endSent, run.endMs, run.endOffsetMin),
    duration_s: durationOf(run),
    track_ID: trackOf(run.trackId),
    track_ID_imgs: run.storedCrops,
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

function durationOf(run: ObservedRun): number | null {
  const lengthS = visitLengthS(run);
  return lengthS === undefined ? null : Math.trunc(lengthS);
}

function trackOf(trackId: string | null): number | string | null {
  return trackId !== null && /^\d{1,15}$/.test(trackId) ? Number(trackId) : trackId;
}
