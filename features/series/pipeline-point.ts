import type { Catalog } from '../../libs/database/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { type Point, point, wholeMs } from '../../libs/timeseries/index.js';
import type { ActivityHour } from '../activity/index.js';
import { countDeadLetters } from '../dead-letters/index.js';
import { countInProgress } from '../observations/index.js';
import { type Queue, waitingMessages, waitingPoints } from '../outbox/index.js';

const BYTES_PER_MB = 1_000_000;

/** How the service is: what it still has to say, what it set aside, what it works on. */
export async function pipelinePoint(
  { reader }: Catalog,
  dataDir: string,
  cropsPerS: number,
  nowMs: number,
): Promise<Point<'pipeline'>> {
  const queues = [await waitingMessages(reader), await waitingPoints(reader)];
  return point({
    measurement: 'pipeline',
    tags: {},
    fields: {
      outbox_depth: queues.reduce((sum, { depth }) => sum + depth, 0),
      outbox_oldest_s: Math.max(...queues.map((queue) => ageS(queue, nowMs))),
      dead_letters: await countDeadLetters(reader),
      crops_per_s: cropsPerS,
      queue: (await countInProgress(reader)).waiting,
      disk_free_mb: (await freeBytes(dataDir)) / BYTES_PER_MB,
    },
    timeNs: wholeMs(nowMs),
  });
}

const ageS = ({ oldestMs }: Queue, nowMs: number): number =>
  oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs) / 1000;

const DAY_H = 24;

/** An hour that was judged: no other has a point. */
export const hourOf = (row: ActivityHour): Point<'insect_activity'> =>
  point({
    measurement: 'insect_activity',
    tags: {
      trap: row.trapId,
      group: row.group,
      hour: String(row.hour % DAY_H).padStart(2, '0'),
    },
    fields: {
      count: row.visits,
      expected: row.expected as number,
      upper: row.upper as number,
      score: row.score as number,
      effort_min: row.effortMin,
    },
    timeNs: wholeMs(row.startMs),
  });
