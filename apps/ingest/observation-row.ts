import type { Insertable } from 'kysely';
import type { ObservationRow, ObservationsTable } from '../../libs/catalog/index.js';
import type { Observation, RunId } from '../../libs/domain/index.js';

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
