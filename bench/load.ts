import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import type { Catalog } from '../libs/database/index.js';
import type { Station } from '../test/fixtures/station.js';

export interface Load {
  readonly runs: number;
  readonly cropsPerRun: number;
  readonly atOnce: number;
  /** Number of the first run. */
  readonly first: number;
}

export interface Sent {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly crops: number;
  readonly meanBytes: number;
}

/** Publishes whole runs from a process of its own. */
export async function publish(station: Station, load: Load): Promise<Sent> {
  const args = [
    station.mqttPort,
    'trap-1',
    station.trapPassword,
    load.runs,
    load.cropsPerRun,
    load.atOnce,
    load.first,
  ].map(String);
  const child = fork(new URL('./publisher.js', import.meta.url), args);
  const [ready] = await once(child, 'message');
  child.send('go');
  const [sent] = await once(child, 'message');
  await once(child, 'exit');
  return { ...sent, meanBytes: ready.meanBytes };
}

/** The value of a metric without labels. */
export async function metric(station: Station, name: string): Promise<number> {
  const text = await (await station.get('/metrics')).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? Number.NaN);
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Node's monitor measures from tick to tick: an idle loop shows its resolution, and that is no delay. */
const MONITOR_RESOLUTION_MS = 10;

/** The 99th percentile of the service's event-loop delay since it was last asked, in milliseconds. */
export async function loopDelayP99Ms(station: Station): Promise<number> {
  return 1000 * (await metric(station, 'nodejs_eventloop_lag_p99_seconds')) - MONITOR_RESOLUTION_MS;
}

/** Counts classified crops from outside, in the database itself: asking the service would cost it time. */
export async function classifiedCrops(catalog: Catalog): Promise<number> {
  const row = await catalog.reader
    .selectFrom('classifications')
    .select(sql<number>`count(*)`.as('crops'))
    .executeTakeFirst();
  return Number(row?.crops);
}
