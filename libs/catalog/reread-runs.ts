import { type DeviceTime, isClockSuspect } from '../domain/index.js';
import { putDetectionRows } from './detections.js';
import { markPoints, runPoint } from './points.js';
import type { Rereading } from './rereading.js';
import { changedBy, holdKnownRun, type RunRow, updateRun } from './runs.js';
import type { Db } from './schema.js';

const AT_ONCE = 25;

/** Reads the times of some runs and of their detections again. @returns how many; 0 = none is left */
export async function rereadRuns(tx: Db, rereading: Rereading): Promise<number> {
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
    const row = await holdKnownRun(tx, { trapId, runId });
    if (row && (row.zone_revision ?? zones.revision) < zones.revision) await reread(tx, rereading, row);
  }
  return due.length;
}

async function reread(tx: Db, rereading: Rereading, row: RunRow): Promise<void> {
  const run = { trapId: row.trap_id, runId: row.run_id };
  const { zones, read, marksPoints } = rereading;
  const start = row.start_sent ? read(row.start_sent, row.first_received_at) : undefined;
  const end = row.end_sent ? read(row.end_sent, endReceivedAt(row)) : undefined;
  const suspect = judged(row, start, end);
  const sayAgain = (time: DeviceTime | undefined) => time && { ...time, clockSuspect: suspect === 1 };
  const details = { start: sayAgain(start), end: sayAgain(end) };
  const columns = changedBy({ ...row, clock_suspect: suspect }, details, row.last_received_at);
  const hasNaive = await rereadDetections(tx, rereading, row);
  const naive = start?.naive || end?.naive || hasNaive;
  await updateRun(tx, run, { ...columns, zone_revision: naive ? zones.revision : null });
  // Those of which nothing has a point yet get it when they are observed.
  if (marksPoints && (row.model !== null || row.reviewed === 1)) await markPoints(tx, [runPoint(run)]);
}

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

/** @returns whether any has a time without a zone */
async function rereadDetections(tx: Db, { read }: Rereading, row: RunRow): Promise<boolean> {
  const run = { trapId: row.trap_id, runId: row.run_id };
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
    return time?.naive && time.utcMs !== detection.at_ms ? [{ ...detection, at_ms: time.utcMs }] : [];
  });
  await putDetectionRows(tx, moved);
  return times.some((time) => time?.naive);
}
