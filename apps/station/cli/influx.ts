import type { Command } from 'commander';
import {
  countStalePoints,
  enqueueEverything,
  hasUnqueuedPast,
  waitingPoints,
} from '../../../features/outbox/index.js';
import { countFinalObservations, lastPointsError } from '../../../features/series/index.js';
import type { Config } from '../../../libs/config/index.js';
import type { Catalog } from '../../../libs/database/index.js';
import { plural } from '../../../libs/text/index.js';
import type { Influx } from '../../../libs/timeseries/index.js';
import { asTime, print, withCatalog } from './context.js';

interface Options {
  readonly json?: boolean;
}

export function addInfluxCommands(program: Command): void {
  const influx = program.command('influx').description('the time series in InfluxDB');
  influx
    .command('status')
    .description('what waits for InfluxDB, and whether it has what the catalog has')
    .option('--json', 'print one line of JSON')
    .action(status);
  influx
    .command('rebuild')
    .description('write everything that the catalog knows once more, such as into an empty bucket')
    .option('--json', 'print one line of JSON')
    .action(rebuildAll);
}

async function influxOf(config: Config): Promise<Influx> {
  if (!config.influx) throw new Error('INFLUX_URL is not set: there is no InfluxDB to speak of');
  const { Influx } = await import('../../../libs/timeseries/influx.js');
  return new Influx(config.influx);
}

async function status({ json }: Options): Promise<void> {
  await withCatalog(async (catalog, config) => {
    const now = await look(catalog, await influxOf(config));
    print(json, now, describe(now));
  });
}

async function look({ reader }: Catalog, influx: Influx) {
  // The past before the queue: what leaves the one between the two queries is found in the other.
  const pastIsMarked = !(await hasUnqueuedPast(reader));
  const { depth, oldestMs } = await waitingPoints(reader);
  const trouble = await lastPointsError(reader);
  return {
    waiting: depth,
    oldest: oldestMs === undefined ? null : asTime(oldestMs),
    toDelete: await countStalePoints(reader),
    pastIsMarked,
    lastTrouble: trouble && {
      message: trouble.message,
      since: asTime(trouble.sinceMs),
      ended: trouble.endedMs === undefined ? null : asTime(trouble.endedMs),
    },
    observations: await countFinalObservations(reader),
    ...(await pointsIn(influx)),
  };
}

/** @returns `points`, or null and why nobody knows */
async function pointsIn(influx: Influx): Promise<{ points: number | null; problem?: string }> {
  try {
    return { points: await influx.count('insect_run', 'probability') };
  } catch (error) {
    return { points: null, problem: (error as Error).message };
  }
}

function describe(now: Awaited<ReturnType<typeof look>>): string {
  const { waiting, oldest, toDelete, lastTrouble, observations, points, problem } = now;
  return [
    `${plural(waiting, 'point waits', 'points wait')}${oldest ? `, the oldest since ${oldest}` : ''}; ${toDelete} ${toDelete === 1 ? 'is' : 'are'} to be deleted.`,
    ...(now.pastIsMarked ? [] : ['Not all of the past is queued yet: the service goes on with it.']),
    `Final observations in the catalog: ${observations}; in InfluxDB: ${points ?? `unknown (${problem})`}.`,
    lastTrouble
      ? `Last trouble: ${lastTrouble.message}, since ${lastTrouble.since}, ${lastTrouble.ended ? `until ${lastTrouble.ended}` : 'not over'}.`
      : 'No trouble so far.',
  ].join('\n');
}

async function rebuildAll({ json }: Options): Promise<void> {
  await withCatalog(async (catalog, config) => {
    const influx = await influxOf(config);
    const { rebuild } = await import('../../../features/series/rebuild.js');
    const { Taxa } = await import('../../../features/taxa/index.js');
    const { modelFolders } = await import('../choose-model.js');
    await enqueueEverything(catalog.db);
    const models = { active: undefined, folders: modelFolders(config) };
    const taxa = await new Taxa(catalog, models).read();
    await rebuild(catalog, influx, taxa, (waiting) => {
      if (!json && process.stderr.isTTY)
        process.stderr.write(`\r${plural(waiting, 'point waits', 'points wait')} `);
    });
    const now = await look(catalog, influx);
    print(json, now, describe(now));
  });
}
