import type { Insertable } from 'kysely';
import { type Db, type ObservationsTable, runIdOf } from '../../libs/database/index.js';
import { HUMAN, runKey } from '../../libs/domain/index.js';
import { buildLast, buildResult, type PayloadFields, topicOf } from '../../libs/protocol/index.js';
import { putInOutbox } from '../outbox/index.js';
import type { RunRow } from '../runs/index.js';
import { findObservation, hasNewerResult, newestResult } from './observations.repository.js';

type ObservedRow = Insertable<ObservationsTable>;

/**
 * Puts out the messages that tell of the verdict on a run: `result`, and `last` unless the trap has a newer one.
 *
 * @param row with the verdict that counts by now
 * @param observation of the model that counts, or undefined where people alone have spoken
 */
export async function publishVerdict(
  tx: Db,
  row: RunRow,
  observation: ObservedRow | undefined,
): Promise<void> {
  if (row.label === null) return publishNewest(tx, row.trap_id);
  const run = runIdOf(row);
  const result = resultOf(row, row.label, observation);
  const message = { key: runKey(run), topic: topicOf.result(run), payload: buildResult(result) };
  await putInOutbox(tx, [{ kind: 'result', retain: 0, ...message }]);
  if (!(await hasNewerResult(tx, run.trapId, row.at_ms))) await putLast(tx, run.trapId, result);
}

/**
 * Tells what the trap's newest run showed, where another one may be the newest now: a verdict was taken back, or a true
 * time became known.
 */
export async function publishNewest(tx: Db, trapId: string): Promise<void> {
  const row = await newestResult(tx, trapId);
  if (row?.label == null) return;
  const observation = row.model === null ? undefined : await findObservation(tx, runIdOf(row), row.model);
  await putLast(tx, trapId, resultOf(row, row.label, observation));
}

const putLast = (tx: Db, trapId: string, result: PayloadFields<'last'>): Promise<void> =>
  putInOutbox(tx, [
    { kind: 'last', key: trapId, topic: topicOf.last(trapId), retain: 1, payload: buildLast(result) },
  ]);

function resultOf(row: RunRow, label: string, observation: ObservedRow | undefined) {
  const reviewed = row.reviewed === 1;
  return {
    trap: row.trap_id,
    run: row.run_id,
    label,
    taxon: row.taxon ?? undefined,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    insect: row.insect === 1,
    // Why the model is unsure, and what it fell back to, is no reason of the person who has looked.
    rolledUp: (!reviewed && observation?.rolled_up === 1) || undefined,
    probability: row.probability ?? 0,
    unsure: row.unsure === 1,
    reason: (!reviewed && observation?.reason) || undefined,
    reviewed: reviewed || undefined,
    crops: observation?.crops ?? 0,
    model: observation?.model ?? HUMAN,
    final: observation ? observation.final === 1 : row.state === 'complete',
    revision: row.revision,
  };
}
