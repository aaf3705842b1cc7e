import type { Insertable } from 'kysely';
import {
  type Db,
  hasNewerResult,
  type ObservationRow,
  type ObservationsTable,
  type OutboxTable,
  type RunRow,
} from '../../libs/catalog/index.js';
import type { Observation, RunId } from '../../libs/domain/index.js';
import { runKey } from '../../libs/domain/index.js';
import { buildLast, buildResult, topicOf } from '../../libs/protocol/index.js';

type NewRow = Insertable<ObservationsTable>;

/** An observation as the catalog keeps it. */
export function asRow(
  run: RunId,
  model: string,
  observation: Observation,
  said: { final: boolean; revision: number; observedAtMs: number },
): NewRow {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    model,
    label: observation.label,
    taxon: observation.taxon ?? null,
    rank: observation.rank ?? null,
    taxon_group: observation.group ?? null,
    insect: observation.insect ? 1 : 0,
    probability: observation.probability,
    top1_prob_mean: observation.top1ProbMean,
    top1_crops: observation.top1Crops,
    crops: observation.crops,
    unsure: observation.unsure ? 1 : 0,
    reason: observation.reason ?? null,
    rolled_up: observation.rolledUp ? 1 : 0,
    ranking: JSON.stringify(observation.ranking),
    final: said.final ? 1 : 0,
    revision: said.revision,
    observed_at: said.observedAtMs,
  };
}

/** True where nothing but revision and time would change: then nothing is written and nobody is told. */
export function saysTheSame(before: ObservationRow, next: NewRow): boolean {
  const { revision: _r1, observed_at: _o1, ...old } = before;
  const { revision: _r2, observed_at: _o2, ...now } = next;
  return (Object.keys(now) as (keyof typeof now)[]).every((key) => old[key] === now[key]);
}

/** The messages that tell of an observation: `result`, and `last` unless the trap has a newer one. */
export async function announce(
  tx: Db,
  row: RunRow,
  next: NewRow,
  observation: Observation,
): Promise<Omit<Insertable<OutboxTable>, 'seq'>[]> {
  const run = { trapId: row.trap_id, runId: row.run_id };
  const result = {
    trap: run.trapId,
    run: run.runId,
    label: observation.label,
    taxon: observation.taxon,
    rank: observation.rank,
    group: observation.group,
    insect: observation.insect,
    rolledUp: observation.rolledUp || undefined,
    probability: observation.probability,
    unsure: observation.unsure,
    reason: observation.reason,
    crops: observation.crops,
    model: next.model,
    final: next.final === 1,
    revision: next.revision,
  };
  const messages: Omit<Insertable<OutboxTable>, 'seq'>[] = [
    { kind: 'result', key: runKey(run), topic: topicOf.result(run), retain: 0, payload: buildResult(result) },
  ];
  if (!(await hasNewerResult(tx, run.trapId, row.at_ms))) {
    messages.push({
      kind: 'last',
      key: run.trapId,
      topic: topicOf.last(run.trapId),
      retain: 1,
      payload: buildLast(result),
    });
  }
  return messages;
}
