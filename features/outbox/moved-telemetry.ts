import type { Selectable } from 'kysely';
import { type Db, nextSeq, type PointsSentTable } from '../../libs/database/index.js';
import { enqueuePoints, telemetryPoint } from './points.repository.js';

type StalePoint = Pick<Selectable<PointsSentTable>, 'run_id' | 'at_ns'>;

const NS_PER_MS = 1_000_000n;
/** No run has this id. */
const OF_A_READING = '';

/** Marks a reading. One that stood at this time before and was moved away is not to be deleted any more. */
export async function enqueueTelemetry(tx: Db, trapId: string, atMs: number): Promise<void> {
  const { trap_id, run_id, series, at_ns } = staleTelemetry(trapId, atMs);
  await tx
    .deleteFrom('points_sent')
    .where('trap_id', '=', trap_id)
    .where('run_id', '=', run_id)
    .where('series', '=', series)
    .where('at_ns', '=', at_ns)
    .execute();
  await enqueuePoints(tx, [telemetryPoint(trapId, atMs)]);
}

/** A reading stands at another time now: the point at this one must be deleted. */
export async function enqueueDelete(tx: Db, trapId: string, atMs: number): Promise<void> {
  const seq = nextSeq();
  await tx
    .insertInto('points_sent')
    .values({ ...staleTelemetry(trapId, atMs), seq, stale: 1 })
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id', 'series', 'at_ns']).doUpdateSet({ seq, stale: 1 }),
    )
    .execute();
}

const staleTelemetry = (trapId: string, atMs: number) => ({
  trap_id: trapId,
  run_id: OF_A_READING,
  series: JSON.stringify({ trap: trapId }),
  at_ns: String(BigInt(atMs) * NS_PER_MS),
});

/** No run has an id that begins with a slash: points of events are noted under such. */
export const eventRunId = (item: string): string => `/${item}`;
export const isOfEvent = (point: Pick<StalePoint, 'run_id'>): boolean => point.run_id.startsWith('/');

/** Whether the point is one of a reading; all others are of runs and events. */
export const isOfTelemetry = (point: StalePoint): boolean => point.run_id === OF_A_READING;

export const telemetryAtMs = (point: StalePoint): number => Number(BigInt(point.at_ns) / NS_PER_MS);
