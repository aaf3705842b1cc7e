import type { z } from 'zod';
import type { RunWithObservation } from '../../libs/catalog/index.js';
import type { MODEL_OBSERVATION, OBSERVATION } from './run-schema.js';
import { isoOrNull } from './show.js';

/** The verdict that counts, or null while there is none. */
export function observationView(row: RunWithObservation): z.output<typeof OBSERVATION> | null {
  if (row.label === null) return null;
  const reviewed = row.reviewed === 1;
  return {
    label: row.label,
    taxon: row.taxon ?? undefined,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    probability: row.probability,
    unsure: row.unsure === 1,
    // What follows is how the model came to its label: of a person's it would be wrong.
    reason: reviewed ? undefined : (row.reason ?? undefined),
    rolledUp: !reviewed && row.rolled_up === 1,
    insect: row.insect === 1,
    crops: row.voting_crops,
    top1Crops: reviewed ? null : row.top1_crops,
    top1ProbMean: reviewed ? null : row.top1_prob_mean,
    model: row.model,
    final: isFinal(row),
    revision: row.revision,
    observedAt: isoOrNull(row.observed_at),
  };
}

/** What the model says, whatever people made of it; null while the run is not classified. */
export function modelObservationView(row: RunWithObservation): z.output<typeof MODEL_OBSERVATION> | null {
  const { observed_label: label, model, observed_probability: probability } = row;
  if (label === null || model === null || probability === null) return null;
  return {
    label,
    taxon: row.observed_taxon ?? undefined,
    rank: row.observed_rank ?? undefined,
    group: row.observed_group ?? undefined,
    probability,
    unsure: row.observed_unsure === 1,
    reason: row.reason ?? undefined,
    rolledUp: row.rolled_up === 1,
    insect: row.observed_insect === 1,
    crops: row.voting_crops,
    top1Crops: row.top1_crops,
    top1ProbMean: row.top1_prob_mean,
    model,
    final: isFinal(row),
    observedAt: isoOrNull(row.observed_at),
  };
}

/** Where people alone have spoken, nothing more is expected as soon as the run is complete. */
const isFinal = ({ final, state }: RunWithObservation): boolean =>
  final === null ? state === 'complete' : final === 1;
