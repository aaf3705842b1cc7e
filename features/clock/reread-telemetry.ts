import type { Db } from '../../libs/database/index.js';
import { enqueuePoints, telemetryPoint } from '../outbox/index.js';
import { putTelemetry } from '../traps/index.js';
import { firstToReread, moreToReread, type ReadTelemetry, takeOut, telemetryIn } from './clock.repository.js';
import type { ClockRereading } from './reread.js';

const AT_ONCE = 100;

/**
 * Reads the times of some telemetry again. Telemetry is identified by its time: what is in the place of another is moved
 * in the same step.
 *
 * @returns how many; 0 = none is left
 */
export async function rereadTelemetry(tx: Db, rereading: ClockRereading): Promise<number> {
  const { trapId, zones, marksPoints } = rereading;
  const due = await dueTelemetry(tx, rereading);
  const waiting = await takeOut(
    tx,
    trapId,
    due.map(({ atMs }) => atMs),
  );
  const touched = new Set<number>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const time = timeOf(rereading, next);
    const atMs = time?.utcMs ?? next.atMs;
    if (atMs !== next.atMs) {
      touched.add(next.atMs);
      touched.add(atMs);
    }
    const inPlace = await telemetryIn(tx, trapId, atMs);
    if (inPlace && inPlace.zoneRevision !== null && inPlace.zoneRevision < zones.revision)
      waiting.push(...(await takeOut(tx, trapId, [inPlace.atMs])));
    // The same time again replaces what was there: the later message counts.
    else if (inPlace && inPlace.receivedAtMs > next.receivedAtMs) continue;
    const moved = { ...next, atMs, clockSuspect: time ? time.clockSuspect : next.clockSuspect };
    await putTelemetry(tx, moved, time?.naive ? zones.revision : null);
  }
  if (marksPoints)
    await enqueuePoints(
      tx,
      [...touched].map((atMs) => telemetryPoint(trapId, atMs)),
    );
  return due.length;
}

const timeOf = ({ read }: ClockRereading, { payload, receivedAtMs }: ReadTelemetry) => {
  const at = payload['at'];
  return typeof at === 'string' ? read(at, receivedAtMs) : undefined;
};

/** What moves to earlier times begins with the earliest, so that few are in the way; otherwise with the latest. */
async function dueTelemetry(tx: Db, rereading: ClockRereading): Promise<ReadTelemetry[]> {
  const { trapId, zones } = rereading;
  const first = await firstToReread(tx, trapId, zones.revision);
  if (!first) return [];
  const goesBack = (timeOf(rereading, first)?.utcMs ?? first.atMs) <= first.atMs;
  return moreToReread(tx, first, goesBack ? 'asc' : 'desc', AT_ONCE);
}
