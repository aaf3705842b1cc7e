import { type Selectable, sql, type Updateable } from 'kysely';
import { cachedOne, type Db, type RunsTable, runIdOf } from '../../libs/database/index.js';
import { isClockSuspect, placeInTime, type RunId, runKey } from '../../libs/domain/index.js';

export type RunRow = Selectable<RunsTable>;

/** A time as a trap said it. */
interface SentTime {
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
export async function lockRun(tx: Db, run: RunId, nowMs: number): Promise<RunRow> {
  const known = await lockKnownRun(tx, run);
  if (known) return known;
  await tx
    .insertInto('runs')
    .values(emptyRun(run, nowMs))
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id']).doNothing())
    .execute();
  return (await lockKnownRun(tx, run)) as RunRow;
}

/** The same of a run that must be known; undefined where it is not. */
export async function lockKnownRun(tx: Db, run: RunId): Promise<RunRow | undefined> {
  return (await lockRow(tx, run)).rows[0];
}

// An update that changes nothing is the one way to lock a row that both engines know.
const lockRow = cachedOne((tx, run: RunId) =>
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
    shifted(row, details.start, shiftMs) ?? laterTime(row.start_ms, row.start_offset_min, row.start_sent);
  const end = shifted(row, details.end, shiftMs) ?? laterTime(row.end_ms, row.end_offset_min, row.end_sent);
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

function laterTime(utcMs: number | null, offsetMin: number | null, sent: string | null) {
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

/** What a run counts of a crop. */
interface CountedCrop extends RunId {
  readonly bytes: number;
  readonly receivedAtMs: number;
}

/**
 * Counts new crops in their runs: a run comes to be with its first crop, and opens again with a late one.
 *
 * @returns runs that have their `end` and, with these crops, as many as it announced
 */
export async function countInRuns(
  tx: Db,
  crops: readonly CountedCrop[],
  decideAtMs: number,
): Promise<RunId[]> {
  const runs = new Map<string, { run: RunId; crops: number; bytes: number; atMs: number }>();
  for (const crop of crops) {
    const sum = runs.get(runKey(crop)) ?? { run: crop, crops: 0, bytes: 0, atMs: crop.receivedAtMs };
    sum.crops += 1;
    sum.bytes += crop.bytes;
    sum.atMs = Math.max(sum.atMs, crop.receivedAtMs);
    runs.set(runKey(crop), sum);
  }
  // One order for all processes, or two transactions could wait for each other.
  const sorted = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  const rows = await tx
    .insertInto('runs')
    .values(
      sorted.map(({ run, crops: count, bytes, atMs }) => ({
        ...emptyRun(run, atMs),
        stored_crops: count,
        stored_bytes: bytes,
        decide_at: decideAtMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id']).doUpdateSet({
        stored_crops: sql`runs.stored_crops + excluded.stored_crops`,
        stored_bytes: sql`runs.stored_bytes + excluded.stored_bytes`,
        last_received_at: sql`case when excluded.last_received_at > runs.last_received_at then excluded.last_received_at else runs.last_received_at end`,
        state: 'open',
        decide_at: sql`excluded.decide_at`,
      }),
    )
    .returning(['trap_id', 'run_id', 'stored_crops', 'announced_crops', 'end_received_at'])
    .execute();
  return rows
    .filter(
      (row) =>
        row.end_received_at !== null && row.stored_crops >= (row.announced_crops ?? Number.POSITIVE_INFINITY),
    )
    .map(runIdOf);
}

/** A run of which nothing is known yet but that something of it came. */
export function emptyRun(run: RunId, atMs: number) {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    day: new Date(atMs).toISOString().slice(0, 10),
    clock_suspect: 0 as const,
    extra: '{}',
    stored_crops: 0,
    stored_bytes: 0,
    first_received_at: atMs,
    last_received_at: atMs,
    at_ms: atMs,
    state: 'open' as const,
    decide_at: atMs,
    revision: 0,
    zone_revision: null,
  };
}
