import type { Selectable } from 'kysely';
import type { Db, TelemetryTable } from '../../libs/database/index.js';
import { enqueuePoints, telemetryPoint } from '../outbox/index.js';
import { putTelemetry } from '../traps/index.js';
import type { ClockRereading } from './reread.js';

const AT_ONCE = 100;

type Reading = Selectable<TelemetryTable>;

/**
 * Reads the times of some readings again. A reading is told apart by its time: one that stands where another belongs
 * is moved in the same step.
 *
 * @returns how many; 0 = none is left
 */
export async function rereadTelemetry(tx: Db, rereading: ClockRereading): Promise<number> {
  const { trapId, zones, marksPoints } = rereading;
  const due = await dueTelemetry(tx, rereading);
  const waiting = await takeOut(
    tx,
    trapId,
    due.map((row) => row.at_ms),
  );
  const touched = new Set<number>();
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    const time = timeOf(rereading, row);
    const moved = {
      ...row,
      at_ms: time?.utcMs ?? row.at_ms,
      clock_suspect: (time ? time.clockSuspect : row.clock_suspect) ? (1 as const) : (0 as const),
      zone_revision: time?.naive ? zones.revision : null,
    };
    if (moved.at_ms !== row.at_ms) {
      touched.add(row.at_ms);
      touched.add(moved.at_ms);
    }
    const inPlace = await telemetryIn(tx, trapId, moved.at_ms);
    if (inPlace && inPlace.zone_revision !== null && inPlace.zone_revision < zones.revision)
      waiting.push(...(await takeOut(tx, trapId, [inPlace.at_ms])));
    // The same time again replaces what was there: the later message counts.
    else if (inPlace && inPlace.received_at > row.received_at) continue;
    await putTelemetry(
      tx,
      {
        trapId,
        atMs: moved.at_ms,
        clockSuspect: moved.clock_suspect === 1,
        payload: JSON.parse(moved.payload),
        receivedAtMs: moved.received_at,
      },
      moved.zone_revision,
    );
  }
  if (marksPoints)
    await enqueuePoints(
      tx,
      [...touched].map((atMs) => telemetryPoint(trapId, atMs)),
    );
  return due.length;
}

const timeOf = ({ read }: ClockRereading, { payload, received_at }: Reading) => {
  const { at } = JSON.parse(payload) as { readonly at?: unknown };
  return typeof at === 'string' ? read(at, received_at) : undefined;
};

/** Whoever moves to earlier times begins with the earliest, so that few stand in the way; others with the latest. */
async function dueTelemetry(tx: Db, rereading: ClockRereading): Promise<Reading[]> {
  const { trapId, zones } = rereading;
  const due = tx
    .selectFrom('telemetry')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('zone_revision', '<', zones.revision);
  const first = await due.orderBy('zone_revision').orderBy('at_ms').limit(1).executeTakeFirst();
  if (!first) return [];
  const goesBack = (timeOf(rereading, first)?.utcMs ?? first.at_ms) <= first.at_ms;
  return due
    .where('zone_revision', '=', first.zone_revision)
    .orderBy('at_ms', goesBack ? 'asc' : 'desc')
    .limit(AT_ONCE)
    .execute();
}

function telemetryIn(tx: Db, trapId: string, atMs: number): Promise<Reading | undefined> {
  return tx
    .selectFrom('telemetry')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('at_ms', '=', atMs)
    .executeTakeFirst();
}

/** Of those that another process has not taken out, all. */
async function takeOut(tx: Db, trapId: string, atMs: readonly number[]): Promise<Reading[]> {
  if (!atMs.length) return [];
  return tx
    .deleteFrom('telemetry')
    .where('trap_id', '=', trapId)
    .where('at_ms', 'in', atMs)
    .returningAll()
    .execute();
}
