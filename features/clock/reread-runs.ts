import { type Db, runIdOf } from '../../libs/database/index.js';
import {
  choosePasses,
  type DeviceTime,
  isClockSuspect,
  passWithin,
  placeInTime,
  type Span,
  type TimeFrom,
} from '../../libs/domain/index.js';
import { RunVerdict } from '../observations/index.js';
import { changedBy, lockKnownRun, putDetectionRows, type RunRow } from '../runs/index.js';
import type { ClockRereading } from './reread.js';

const AT_ONCE = 25;
const verdict = new RunVerdict();

/** Reads the times of some runs and of their detections again. @returns how many; 0 = none is left */
export async function rereadRuns(tx: Db, rereading: ClockRereading): Promise<number> {
  const { trapId, zones } = rereading;
  const due = await tx
    .selectFrom('runs')
    .select('run_id')
    .where('trap_id', '=', trapId)
    .where('zone_revision', '<', zones.revision)
    .orderBy('zone_revision')
    .limit(AT_ONCE)
    .execute();
  // In the order in which others hold several runs.
  for (const runId of due.map(({ run_id }) => run_id).sort()) {
    const row = await lockKnownRun(tx, { trapId, runId });
    if (row && (row.zone_revision ?? zones.revision) < zones.revision) await rereadRun(tx, rereading, row);
  }
  return due.length;
}

/** Reads the times of a run and of its detections again. */
export async function rereadRun(tx: Db, rereading: ClockRereading, row: RunRow): Promise<void> {
  // A true time that is known stays, whatever zone the wrong clock is read in.
  if (row.time_from !== null) return correctRun(tx, rereading, row, correctionOf(row));
  const { zones } = rereading;
  const { start, end } = saidTimes(row, rereading);
  const suspect = judged(row, start, end);
  const isOneSuspect = start?.clockSuspect || end?.clockSuspect;
  const sayAgain = (time: DeviceTime | undefined) =>
    time && { ...time, clockSuspect: suspect === 1 && (time.clockSuspect || !isOneSuspect) };
  const details = { start: sayAgain(start), end: sayAgain(end) };
  const columns = changedBy({ ...row, clock_suspect: suspect }, details, row.last_received_at);
  const pass = (time: DeviceTime) => passWithin(time, { start, end }).utcMs - time.utcMs;
  const hasNaive = await rereadDetections(tx, rereading, row, pass);
  const naive = start?.naive || end?.naive || hasNaive;
  await verdict.apply(tx, row, {
    nowMs: Date.now(),
    columns: { ...columns, zone_revision: naive ? zones.revision : null },
  });
}

/** How the true time of a run is known: what to add to its clock, or when it began. */
export type TimeCorrection = { readonly from: TimeFrom } & (
  | { readonly shiftMs: number }
  | { readonly startMs: number }
);

/** When a corrected run began stays what it is. */
function correctionOf(row: RunRow): TimeCorrection | undefined {
  const { time_from: from, start_ms: startMs, at_ms: atMs } = row;
  return from === null ? undefined : { from, startMs: startMs ?? atMs };
}

/**
 * Sets the true time of a run, or takes it back. All that its clock said of it moves by the same, detections too; what was
 * said by a clock that was set right meanwhile stays. The text that the trap sent is kept.
 *
 * @param row held by the caller
 * @param correction undefined: its clock alone counts again
 */
export async function correctRun(
  tx: Db,
  rereading: ClockRereading,
  row: RunRow,
  correction: TimeCorrection | undefined,
): Promise<void> {
  const { start, end } = saidTimes(row, rereading);
  const shiftMs = correction && shiftTo(row, start, end, correction);
  const isOneSuspect = start?.clockSuspect || end?.clockSuspect;
  const moves = (time: DeviceTime) => time.clockSuspect === (isOneSuspect ?? false);
  const trueTime = (time: DeviceTime | undefined) => {
    if (!time || shiftMs === undefined || !moves(time)) return time;
    const utcMs = time.utcMs + shiftMs;
    return { utcMs, offsetMin: rereading.offsetMinAt(utcMs) ?? time.offsetMin, sent: time.sent };
  };
  const [trueStart, trueEnd] = [trueTime(start), trueTime(end)];
  const bareMs = correction && 'startMs' in correction && !start && !end ? correction.startMs : null;
  const startMs = trueStart?.utcMs ?? bareMs;
  const suspect = row.clock_suspect === 1;
  // Without the correction, the one time that a right clock said counts, if there is one.
  const right = correction ? undefined : [start, end].find((time) => time && !time.clockSuspect);
  const seenMs = correction
    ? (startMs ?? trueEnd?.utcMs)
    : suspect
      ? right?.utcMs
      : (startMs ?? trueEnd?.utcMs ?? row.first_received_at);
  const detections = (time: DeviceTime) => (shiftMs !== undefined && moves(time) ? shiftMs : 0);
  const hasNaive = await rereadDetections(tx, rereading, row, detections);
  const naive = start?.naive || end?.naive || hasNaive;
  const columns = {
    start_ms: startMs,
    start_offset_min: trueStart?.offsetMin ?? null,
    end_ms: trueEnd?.utcMs ?? null,
    end_offset_min: trueEnd?.offsetMin ?? null,
    clock_shift_ms: shiftMs ?? null,
    time_from: correction?.from ?? null,
    at_ms: placeInTime(seenMs, row.first_received_at),
    zone_revision: naive ? rereading.zones.revision : null,
  };
  await verdict.apply(tx, row, { nowMs: Date.now(), columns });
}

function shiftTo(
  row: RunRow,
  start: DeviceTime | undefined,
  end: DeviceTime | undefined,
  correction: TimeCorrection,
): number {
  if ('shiftMs' in correction) return correction.shiftMs;
  const { startMs } = correction;
  if (start) return startMs - start.utcMs;
  return end ? startMs + (row.duration_s ?? 0) * 1000 - end.utcMs : 0;
}

/** The times of a run as its clock said them, in the zones that hold now. */
export const saidTimes = (row: RunRow, { read }: ClockRereading): Span =>
  choosePasses(
    {
      start: row.start_sent ? read(row.start_sent, row.first_received_at) : undefined,
      end: row.end_sent ? read(row.end_sent, endReceivedAt(row)) : undefined,
    },
    row.duration_s ?? undefined,
  );

/**
 * Nobody noted when each time came: only where the other zone makes the difference, another judgement is passed on the
 * clock than when its times came.
 */
function judged(row: RunRow, start: DeviceTime | undefined, end: DeviceTime | undefined): 0 | 1 {
  const before =
    (row.start_ms !== null && isClockSuspect(row.start_ms, row.first_received_at)) ||
    (row.end_ms !== null && isClockSuspect(row.end_ms, endReceivedAt(row)));
  const now = start?.clockSuspect || end?.clockSuspect || false;
  return before === now ? row.clock_suspect : now ? 1 : 0;
}

const endReceivedAt = (row: RunRow): number => row.end_received_at ?? row.last_received_at;

/**
 * @param shiftOf what to add to a time, in milliseconds
 * @returns whether any has a time without a zone
 */
async function rereadDetections(
  tx: Db,
  { read }: ClockRereading,
  row: RunRow,
  shiftOf: (time: DeviceTime) => number,
): Promise<boolean> {
  const run = runIdOf(row);
  const rows = await tx
    .selectFrom('detections')
    .selectAll()
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('at_ms', 'is not', null)
    .execute();
  const times = rows.map((detection) => {
    const { at } = JSON.parse(detection.entry) as { readonly at?: unknown };
    return typeof at === 'string' ? read(at, endReceivedAt(row)) : undefined;
  });
  const moved = rows.flatMap((detection, i) => {
    const time = times[i];
    const atMs = time && time.utcMs + shiftOf(time);
    return atMs !== undefined && atMs !== detection.at_ms ? [{ ...detection, at_ms: atMs }] : [];
  });
  await putDetectionRows(tx, moved);
  return times.some((time) => time?.naive);
}
