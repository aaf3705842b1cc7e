import { setTimeout as delay } from 'node:timers/promises';
import type { Catalog } from '../../libs/database/index.js';
import type { Influx } from '../../libs/timeseries/index.js';
import { hasUnqueuedPast, waitingPoints } from '../outbox/index.js';
import type { TaxonIndex } from '../taxa/index.js';
import { sendPoints } from './send-points.js';

const RETRY_MS = 1000;

/**
 * Sends until nothing waits any more, also beside a service that does the same.
 *
 * @param onStep told after each request how many points wait
 * @throws where InfluxDB does not let us in: what waits then waits for the service
 */
export async function rebuild(
  catalog: Catalog,
  influx: Influx,
  taxa: TaxonIndex,
  onStep: (waiting: number) => void,
): Promise<void> {
  for (;;) {
    const { more, obstacle } = await sendPoints(catalog, influx, taxa);
    if (obstacle?.state === 'denied') throw new Error(`InfluxDB says ${obstacle.message}`);
    // In this order: another process may queue the last of the past between the two queries.
    const past = await hasUnqueuedPast(catalog.reader);
    const { depth } = await waitingPoints(catalog.reader);
    onStep(depth);
    if (obstacle) await delay(Math.max(RETRY_MS, obstacle.retryAfterMs ?? 0));
    else if (!more && depth === 0 && !past) return;
  }
}
