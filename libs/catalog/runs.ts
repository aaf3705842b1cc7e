import { type Selectable, sql, type Updateable } from 'kysely';
import { isClockSuspect, placeInTime, type RunId } from '../domain/index.js';
import { keptOne } from './kept-query.js';
import { runIdOf } from './keys.js';
import { emptyRun } from './run-counts.js';
import type { Db, RunsTable } from './schema.js';

export type RunRow = Selectable<RunsTable>;

/** A time as a trap said it. */
export interface SentTime {
  readonly utcMs: number;
  readonly offsetMin: number;
  readonly sent: string;
  readonly clockSuspect: boolean;
}

/** What `meta` or `end` says of a run; a field that is left out stays as it was. */
export interface RunDetails {
  readonly sessionId?: string | undefined;
  readonly trackId?: string | undefined;
  readonly start?: SentTime | undefined;
  readonly end?: SentTime | undefined;
  readonly durationS?: number | undefined;
  /** The number in `end`, which holds. */
  readonly announcedCrops?: number | undefined;
  /** The number in `meta`, which `end` may correct. */
  readonly expectedCrops?: number;
  readonly endStatus?: 'complete' | 'aborted' | undefined;
  /** How many `end`s bring the manifest; null = one. */
  readonly manifestParts?: number | null | undefined;
  readonly extra?: Record<string, unknown>;
  /** Of the trap, where any of its times came without a zone. */
  readonly zoneRevision?: number | undefined;
}

/**
 * Reads a run's row and holds it until the transaction ends, so that two processes cannot both complete the run.
 * A run that nobody knew comes to be.
 */
export async function holdRun(tx: Db, run: RunId, nowMs: number): Promise<RunRow> {
  const known = await holdKnownRun(tx, run);
  if (known) return known;
  await tx
    .insertInto('runs')
    .values(emptyRun(run, nowMs))
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id']).doNothing())
    .execute();
  return (await holdKnownRun(tx, run)) as RunRow;
}

/** The same of a run that must be known; undefined where it is not. */
export async function holdKnownRun(tx: Db, run: RunId): Promise<RunRow | undefined> {
  return (await holdRow(tx, run)).rows[0];
}

// An update that changes nothing is the one way to lock a row that both engines know.
const holdRow = keptOne((tx, run: RunId) =>
  tx
    .updateTable('runs')
    .set({ revision: sql`revision` })
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .returningAll(),
);

/** The columns that these details set in a run that was `row` before. */
export function changedBy(row: RunRow, details: RunDetails, receivedAtMs: number): Updateable<RunsTable> {
  const times = timesOf(row, details);
  const { start, end, seen, suspect, shiftMs } = times;
  const nothingStored = row.stored_crops === 0;
  return {
    day: seen && nothingStored ? localDay(seen) : row.day,
    session_id: details.sessionId ?? row.session_id,
    track_id: details.trackId ?? row.track_id,
    start_ms: start?.utcMs ?? null,
    start_offset_min: start?.offsetMin ?? null,
    start_sent: start?.sent ?? null,
    end_ms: end?.utcMs ?? null,
    end_offset_min: end?.offsetMin ?? null,
    end_sent: end?.sent ?? null,
    clock_suspect: suspect ? 1 : 0,
    clock_shift_ms: shiftMs,
    duration_s: details.durationS ?? row.duration_s,
    announced_crops:
      details.announcedCrops ??
      (row.end_received_at === null ? details.expectedCrops : undefined) ??
      row.announced_crops,
    end_status: details.endStatus ?? row.end_status,
    manifest_parts: details.manifestParts === undefined ? row.manifest_parts : details.manifestParts,
    extra: JSON.stringify({ ...JSON.parse(row.extra), ...details.extra }),
    at_ms: placeInTime(seen?.utcMs ?? (suspect ? undefined : row.first_received_at), row.first_received_at),
    last_received_at: Math.max(row.last_received_at, receivedAtMs),
    // The earliest counts: what was read then may have to be read again.
    zone_revision: row.zone_revision ?? details.zoneRevision ?? null,
  };
}

type KnownTime = Omit<SentTime, 'clockSuspect'>;

interface RunTimes {
  readonly start: KnownTime | undefined;
  readonly end: KnownTime | undefined;
  /** When the insect was seen; undefined where nobody knows. */
  readonly seen: Pick<KnownTime, 'utcMs' | 'offsetMin'> | undefined;
  readonly suspect: boolean;
  readonly shiftMs: number | null;
}

function timesOf(row: RunRow, details: RunDetails): RunTimes {
  const shiftMs = shiftOf(row, details);
  const start =
    shifted(row, details.start, shiftMs) ?? keptTime(row.start_ms, row.start_offset_min, row.start_sent);
  const end = shifted(row, details.end, shiftMs) ?? keptTime(row.end_ms, row.end_offset_min, row.end_sent);
  // What was found suspect at its receipt stays so: a clock 50 years ahead is not right because it is asked again later.
  const startSuspect = isSuspect(details.start, row, row.start_ms);
  const endSuspect = isSuspect(details.end, row, row.end_ms);
  const suspect = startSuspect || endSuspect;
  const isTrue = row.time_from !== null;
  const knownStart = isTrue || !startSuspect ? start : undefined;
  const knownEnd = isTrue || !endSuspect ? end : undefined;
  // A trap that only says when the insect left, or whose clock was set right meanwhile, was there then, too.
  return { start, end, seen: knownStart ?? knownEnd, suspect, shiftMs };
}

/** What is added to times of this run. What a person has said of a run without times holds against times that come later. */
function shiftOf(row: RunRow, { start }: RunDetails): number | null {
  if (row.time_from !== 'person' || row.start_sent !== null || row.start_ms === null || !start)
    return row.clock_shift_ms;
  return row.start_ms - start.utcMs;
}

/** A clock that was set right meanwhile needs no shift: only what is as wrong as what was corrected moves. */
function shifted(row: RunRow, time: SentTime | undefined, shiftMs: number | null): KnownTime | undefined {
  if (!time || shiftMs === null) return time;
  const isAsWrong = row.start_sent === null || time.clockSuspect === (row.clock_suspect === 1);
  return isAsWrong ? { ...time, utcMs: time.utcMs + shiftMs } : time;
}

const localDay = (time: { utcMs: number; offsetMin: number }): string =>
  new Date(time.utcMs + time.offsetMin * 60_000).toISOString().slice(0, 10);

function isSuspect(said: SentTime | undefined, row: RunRow, keptMs: number | null): boolean {
  if (said) return said.clockSuspect;
  if (row.clock_suspect === 0 || keptMs === null) return false;
  return isClockSuspect(keptMs - (row.clock_shift_ms ?? 0), row.first_received_at);
}

function keptTime(utcMs: number | null, offsetMin: number | null, sent: string | null) {
  return utcMs === null ? undefined : { utcMs, offsetMin: offsetMin ?? 0, sent: sent ?? '' };
}

export async function updateRun(tx: Db, run: RunId, columns: Updateable<RunsTable>): Promise<void> {
  await tx
    .updateTable('runs')
    .set(columns)
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .execute();
}

/** Runs whose time to be looked at has come, the most urgent first. */
export async function dueRuns(db: Db, nowMs: number, limit: number): Promise<RunId[]> {
  const due = (column: 'decide_at' | 'receipt_due_at') =>
    db
      .selectFrom('runs')
      .select(['trap_id', 'run_id'])
      .where(column, '<=', nowMs)
      .where(column, 'is not', null)
      .orderBy(column)
      .limit(limit)
      .execute();
  const rows = [...(await due('decide_at')), ...(await due('receipt_due_at'))];
  return [...new Map(rows.map((row) => [`${row.trap_id}/${row.run_id}`, runIdOf(row)])).values()];
}
