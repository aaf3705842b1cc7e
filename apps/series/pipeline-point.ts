import {
  type Catalog,
  countDeadLetters,
  countUnderWay,
  type Queue,
  waitingMessages,
  waitingPoints,
} from '../../libs/catalog/index.js';
import { freeBytes } from '../../libs/images/index.js';
import { type Point, point, wholeMs } from '../../libs/timeseries/index.js';

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
      queue: (await countUnderWay(reader)).waiting,
      disk_free_mb: (await freeBytes(dataDir)) / BYTES_PER_MB,
    },
    timeNs: wholeMs(nowMs),
  });
}

const ageS = ({ oldestMs }: Queue, nowMs: number): number =>
  oldestMs === undefined ? 0 : Math.max(0, nowMs - oldestMs) / 1000;
