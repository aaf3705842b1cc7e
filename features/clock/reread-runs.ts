import type { Db } from '../../libs/database/index.js';
import {
  choosePasses,
  type DeviceTime,
  isClockSuspect,
  passWithin,
  placeInTime,
  type Run,
  type Span,
  type TimeFrom,
  withDetails,
} from '../../libs/domain/index.js';
import { RunVerdict } from '../observations/index.js';
import { lockKnownRun, putDetectionRows } from '../runs/index.js';
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
    const run = await lockKnownRun(tx, { trapId, runId });
    if (run && (run.zoneRevision ?? zones.revision) < zones.revision) await rereadRun(tx, rereading, run);
  }
  return due.length;
}

/** Reads the times of a run and of its detections again. */
export async function rereadRun(tx: Db, rereading: ClockRereading, run: Run): Promise<void> {
  // A true time that is known stays, whatever zone the wrong clock is read in.
  if (run.timeFrom !== null) return correctRun(tx, rereading, run, correctionOf(run));
  const { zones } = rereading;
  const { start, end } = saidTimes(run, rereading);
  const suspect = judged(run, start, end);
  const isOneSuspect = start?.clockSuspect || end?.clockSuspect;
  const sayAgain = (time: DeviceTime | undefined) =>
    time && { ...time, clockSuspect: suspect && (time.clockSuspect || !isOneSuspect) };
  const details = { start: sayAgain(start), end: sayAgain(end) };
  const fields = withDetails({ ...run, clockSuspect: suspect }, details, run.lastReceivedAtMs);
  const pass = (time: DeviceTime) => passWithin(time, { start, end }).utcMs - time.utcMs;
  const hasNaive = await rereadDetections(tx, rereading, run, pass);
  const naive = start?.naive || end?.naive || hasNaive;
  await verdict.apply(tx, run, {
    nowMs: Date.now(),
    fields: { ...fields, zoneRevision: naive ? zones.revision : null },
  });
}

/** How the true time of a run is known: what to add to its clock, or when it began. */
export type TimeCorrection = { readonly from: TimeFrom } & (
  | { readonly shiftMs: number }
  | { readonly startMs: number }
);

/** When a corrected run began stays what it is. */
function correctionOf({ timeFrom: from, startMs, placeMs }: Run): TimeCorrection | undefined {
  return from === null ? undefined : { from, startMs: startMs ?? placeMs };
}

/**
 * Sets the true time of a run, or takes it back. All that its clock said of it moves by the same, detections too; what was
 * said by a clock that was set right meanwhile stays. The text that the trap sent is kept.
 *
 * @param run locked by the caller
 * @param correction undefined: its clock alone counts again
 */
export async function correctRun(
  tx: Db,
  rereading: ClockRereading,
  run: Run,
  correction: TimeCorrection | undefined,
): Promise<void> {
  const { start, end } = saidTimes(run, rereading);
  const shiftMs = correction && shiftTo(run, start, end, correction);
  const isOneSuspect = start?.clockSuspect || end?.clockSuspect;
  const moves = (time: DeviceTime) => time.clockSuspect === (isOneSuspect ?? false);
  const trueTime = (time: DeviceTime | undefined) => {
    if (!time || shiftMs === undefined || !moves(time)) return time;
    const utcMs = time.utcMs + shiftMs;
    return { utcMs, offsetMin: rereading.offsetMinAt(utcMs) ?? time.offsetMin, sent: time.sent };
  };
  const [trueStart, trueEnd] = [trueTime(start), trueTime(end)];
  const bareMs = correction && 'startMs' in correction && !start && !end ? correction.startMs : undefined;
  const startMs = trueStart?.utcMs ?? bareMs;
  // Without the correction, the one time that a right clock said counts, if there is one.
  const right = correction ? undefined : [start, end].find((time) => time && !time.clockSuspect);
  const seenMs = correction
    ? (startMs ?? trueEnd?.utcMs)
    : run.clockSuspect
      ? right?.utcMs
      : (startMs ?? trueEnd?.utcMs ?? run.firstReceivedAtMs);
  const detections = (time: DeviceTime) => (shiftMs !== undefined && moves(time) ? shiftMs : 0);
  const hasNaive = await rereadDetections(tx, rereading, run, detections);
  const naive = start?.naive || end?.naive || hasNaive;
  const fields = {
    startMs,
    startOffsetMin: trueStart?.offsetMin,
    endMs: trueEnd?.utcMs,
    endOffsetMin: trueEnd?.offsetMin,
    clockShiftMs: shiftMs,
    timeFrom: correction?.from,
    placeMs: placeInTime(seenMs, run.firstReceivedAtMs),
    zoneRevision: naive ? rereading.zones.revision : null,
  };
  await verdict.apply(tx, run, { nowMs: Date.now(), fields });
}

function shiftTo(
  run: Run,
  start: DeviceTime | undefined,
  end: DeviceTime | undefined,
  correction: TimeCorrection,
): number {
  if ('shiftMs' in correction) return correction.shiftMs;
  const { startMs } = correction;
  if (start) return startMs - start.utcMs;
  return end ? startMs + (run.durationS ?? 0) * 1000 - end.utcMs : 0;
}

/** The times of a run as its clock said them, in the zones that hold now. */
export const saidTimes = (run: Run, { read }: ClockRereading): Span =>
  choosePasses(
    {
      start: run.startSent ? read(run.startSent, run.firstReceivedAtMs) : undefined,
      end: run.endSent ? read(run.endSent, endReceivedAt(run)) : undefined,
    },
    run.durationS ?? undefined,
  );

/**
 * Nobody noted when each time came: only where the other zone makes the difference, another judgement is passed on the
 * clock than when its times came.
 */
function judged(run: Run, start: DeviceTime | undefined, end: DeviceTime | undefined): boolean {
  const before =
    (run.startMs !== null && isClockSuspect(run.startMs, run.firstReceivedAtMs)) ||
    (run.endMs !== null && isClockSuspect(run.endMs, endReceivedAt(run)));
  const now = start?.clockSuspect || end?.clockSuspect || false;
  return before === now ? run.clockSuspect : now;
}

const endReceivedAt = (run: Run): number => run.endReceivedAtMs ?? run.lastReceivedAtMs;

/**
 * @param shiftOf what to add to a time, in milliseconds
 * @returns whether any has a time without a zone
 */
async function rereadDetections(
  tx: Db,
  { read }: ClockRereading,
  run: Run,
  shiftOf: (time: DeviceTime) => number,
): Promise<boolean> {
  const rows = await tx
    .selectFrom('detections')
    .selectAll()
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('at_ms', 'is not', null)
    .execute();
  const times = rows.map((detection) => {
    const { at } = JSON.parse(detection.entry) as { readonly at?: unknown };
    return typeof at === 'string' ? read(at, endReceivedAt(run)) : undefined;
  });
  const moved = rows.flatMap((detection, i) => {
    const time = times[i];
    const atMs = time && time.utcMs + shiftOf(time);
    return atMs !== undefined && atMs !== detection.at_ms ? [{ ...detection, at_ms: atMs }] : [];
  });
  await putDetectionRows(tx, moved);
  return times.some((time) => time?.naive);
}
