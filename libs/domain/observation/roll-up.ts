import { type Label, lineageOf } from './label.js';
import { reaches } from './probability.js';
import type { RankedLabel } from './ranking.js';

interface RolledUp {
  readonly taxon: string;
  readonly rank: string;
  /** The labels' common group; undefined where they differ. */
  readonly group?: string | undefined;
  /** Sum of the weighted probabilities of the labels under the taxon. */
  readonly probability: number;
  /** The best label under the taxon. */
  readonly best: RankedLabel;
}

interface Candidate {
  readonly taxon: string;
  rank: string;
  depth: number;
  probability: number;
  readonly members: RankedLabel[];
}

/**
 * Finds the deepest taxon whose labels together reach `atLeast`: where a run wavers between two bumblebees,
 * *Bombus* can still be claimed.
 *
 * The sum runs over the weighted top-1 probabilities, so the sums of all labels together never pass 1, and with
 * `atLeast` above one half all that qualify lie on one line of descent. Labels without lineage (background,
 * dirt) add to no taxon. A crop's lower ranks do not count: what lost in every crop cannot make a claim.
 *
 * @param ranking best first
 * @returns undefined if no taxon gets there, or no label that was voted for has a lineage
 */
export function rollUp(
  ranking: readonly RankedLabel[],
  labels: ReadonlyMap<string, Label>,
  atLeast: number,
): RolledUp | undefined {
  const candidates = new Map<string, Candidate>();
  for (const ranked of ranking) {
    const label = labels.get(ranked.label);
    if (!label) continue;
    for (const [depth, step] of lineageOf(label).entries())
      addTo(candidates, step.taxon, step.rank, depth, ranked);
  }
  const [deepest] = [...candidates.values()]
    .filter(({ probability }) => reaches(probability, atLeast))
    .sort((a, b) => b.depth - a.depth || b.probability - a.probability || (a.taxon < b.taxon ? -1 : 1));
  const best = deepest?.members[0];
  if (!deepest || !best) return undefined;
  const groups = new Set(deepest.members.map(({ label }) => labels.get(label)?.group));
  const [group] = groups;
  return {
    taxon: deepest.taxon,
    rank: deepest.rank,
    group: groups.size === 1 ? group : undefined,
    // Thirds and sevenths can add up to a hair over 1, which no probability may be.
    probability: Math.min(1, deepest.probability),
    best,
  };
}

function addTo(
  candidates: Map<string, Candidate>,
  taxon: string,
  rank: string,
  depth: number,
  ranked: RankedLabel,
): void {
  const candidate = candidates.get(taxon) ?? { taxon, rank, depth, probability: 0, members: [] };
  candidates.set(taxon, candidate);
  // Lineages may skip ranks: the longest way down to a taxon is its depth.
  candidate.depth = Math.max(candidate.depth, depth);
  if (candidate.members.includes(ranked)) return;
  candidate.probability += ranked.top1ProbWeighted;
  candidate.members.push(ranked);
}
