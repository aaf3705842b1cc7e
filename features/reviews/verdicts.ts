import type { Insertable } from 'kysely';
import { type Db, type ObservationsTable, runIdOf } from '../../libs/database/index.js';
import { type ModelVerdict, verdictOf } from '../../libs/domain/index.js';
import { type ReviewRow, type RunRow, reviewOf, reviewsOf } from '../runs/index.js';

type ObservedRow = Insertable<ObservationsTable>;
export type VerdictColumns = Pick<
  RunRow,
  'label' | 'taxon' | 'rank' | 'taxon_group' | 'probability' | 'insect' | 'unsure' | 'reviewed'
>;

/**
 * The verdict that counts, as the row of the run has it.
 *
 * @param observation of the model that counts for the run
 * @param reviews all of the run
 */
export function verdictColumns(
  observation: ObservedRow | undefined,
  reviews: readonly ReviewRow[],
): VerdictColumns {
  const verdict = verdictOf(observation && modelVerdictOf(observation), reviews.map(reviewOf));
  const named = verdict?.named;
  return {
    label: named?.label ?? null,
    taxon: named?.taxon ?? null,
    rank: named?.rank ?? null,
    taxon_group: named?.group ?? null,
    probability: verdict?.probability ?? null,
    insect: named ? (named.insect ? 1 : 0) : null,
    unsure: verdict ? (verdict.unsure ? 1 : 0) : null,
    reviewed: verdict?.reviewed ? 1 : 0,
  };
}

/** The verdict on a run that the caller holds, once this is the observation that counts for it. */
export async function verdictWith(tx: Db, row: RunRow, observation: ObservedRow): Promise<VerdictColumns> {
  // While a person's verdict stands, the row says so: most runs need no look at the reviews.
  return verdictColumns(observation, row.reviewed ? await reviewsOf(tx, runIdOf(row)) : []);
}

/** What the rules need of an observation. */
export const modelVerdictOf = (row: ObservedRow): ModelVerdict => ({
  label: row.label,
  taxon: row.taxon ?? undefined,
  rank: row.rank ?? undefined,
  group: row.taxon_group ?? undefined,
  insect: row.insect === 1,
  probability: row.probability,
  unsure: row.unsure === 1,
});
