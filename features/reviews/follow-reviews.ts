import { type Db, runIdOf } from '../../libs/database/index.js';
import { type ObservationRow, publishVerdict, sightingsDue } from '../observations/index.js';
import { enqueueForSender, runPoint } from '../outbox/index.js';
import { type ReviewRow, type RunRow, updateRun } from '../runs/index.js';
import { type VerdictColumns, verdictColumns } from './verdicts.js';

/**
 * Lets the verdict on a run follow what people said of it: the row of the run, the messages that tell of it, and the
 * mark for its point, all in the caller's transaction. A review that changes nothing of the verdict is no news.
 *
 * @param row held by the caller
 * @param observation of the model that counts for the run
 * @param reviews all of the run
 */
export async function followReviews(
  tx: Db,
  row: RunRow,
  observation: ObservationRow | undefined,
  reviews: readonly ReviewRow[],
): Promise<void> {
  const verdict = verdictColumns(observation, reviews);
  if (isVerdictOf(row, verdict)) return;
  const next = { ...row, ...verdict, revision: row.revision + 1 };
  await updateRun(tx, runIdOf(row), { ...verdict, revision: next.revision });
  await publishVerdict(tx, next, observation);
  await enqueueForSender(tx, [runPoint(runIdOf(row))]);
  await sightingsDue(tx, row, next, { news: true, nowMs: row.last_received_at });
}

const isVerdictOf = (row: RunRow, verdict: VerdictColumns): boolean =>
  (Object.keys(verdict) as (keyof VerdictColumns)[]).every((column) => row[column] === verdict[column]);
