import type { Config } from '../../../libs/config/index.js';
import { plural } from '../../../libs/text/index.js';
import { waitingPoints } from '../../outbox/index.js';
import { lastPointsError } from '../../series/index.js';
import { type CheckedCatalog, fail, howLong, ok, reasonOf, skipped, type Verdict, warn } from './finding.js';

/** Whether InfluxDB takes the service's token, and points go out. */
const LATE_MS = 60 * 60_000;

export async function influx(
  look: CheckedCatalog | undefined,
  config: Config,
  nowMs: number,
): Promise<Verdict> {
  if (!config.influx) return skipped('INFLUX_URL is not set: there are no time series');
  const { Influx } = await import('../../../libs/timeseries/influx.js');
  try {
    await new Influx(config.influx).count('insect_run', 'probability');
  } catch (error) {
    return fail(
      `InfluxDB cannot be asked: ${reasonOf(error)}`,
      'Is it running, and are INFLUX_URL, INFLUX_ORG, INFLUX_BUCKET and INFLUX_TOKEN right? Nothing is lost: points wait in the catalog.',
    );
  }
  if (!look) return ok('InfluxDB answers');
  const { depth, oldestMs } = await waitingPoints(look.db);
  const trouble = await lastPointsError(look.db);
  const lateMs = oldestMs === undefined ? 0 : nowMs - oldestMs;
  if (lateMs <= LATE_MS) return ok(`InfluxDB answers, ${plural(depth, 'point waits', 'points wait')}`);
  const why = trouble && trouble.endedMs === undefined ? `: ${trouble.message}` : '';
  return warn(
    `InfluxDB answers, but ${plural(depth, 'point waits', 'points wait')}, the oldest for ${howLong(lateMs)}${why}`,
    'npm run trapline -- influx status says more; may the token write and delete in the bucket?',
  );
}
