import { type Db, markPoints, type RunRow, runPoint } from '../../libs/catalog/index.js';

/** The time series must follow: the point of this run is another one now, or none. */
export const markRun = (tx: Db, row: RunRow): Promise<void> =>
  markPoints(tx, [runPoint({ trapId: row.trap_id, runId: row.run_id })]);
