import { type Decision, decideRun, evidenceOf, type TaxonRule } from './decide-run.js';
import type { Observation } from './observation.js';
import { rankLabels } from './ranking.js';
import type { TaxonNode, TaxonTree } from './taxon-tree.js';
import type { LabelVotes } from './votes.js';

/**
 * The observation of a run by the probabilities of all labels of its crops: see `evidenceOf` and `decideRun`. The figures of
 * the votes (`top1Crops`, `top1ProbMean`, `ranking`) are those of insect-detect, for what reads them.
 *
 * @param crops probabilities of all labels, one vector for each crop
 * @param votes of the same crops
 * @returns undefined if no crop has voted
 */
export function observeTaxa(
  crops: Iterable<ArrayLike<number>>,
  votes: readonly LabelVotes[],
  tree: TaxonTree,
  rule: TaxonRule,
  allowed: ReadonlySet<TaxonNode>,
): Observation | undefined {
  const evidence = evidenceOf(crops, tree, rule);
  const ranking = rankLabels(votes);
  if (!evidence || !ranking.length) return undefined;
  const decision = decideRun(evidence, tree, rule, allowed);
  const label = tree.labels[decision.label];
  if (!label) return undefined;
  const own = ranking.find((ranked) => ranked.label === label.id);
  return {
    label: label.id,
    ...named(decision, label),
    probability: decision.probability,
    top1ProbMean: own?.top1ProbMean ?? 0,
    top1Crops: own?.top1Crops ?? 0,
    crops: ranking.reduce((sum, { top1Crops }) => sum + top1Crops, 0),
    insect: decision.kind !== 'nothing',
    unsure: decision.kind === 'unsure',
    ...(decision.kind === 'unsure' && { reason: 'low-probability' as const }),
    rolledUp: decision.kind === 'taxon' && decision.node.taxon !== label.taxon,
    ranking,
  };
}

/** Taxon, rank and group: of what is claimed, or of the best candidate. */
function named(
  decision: Decision,
  label: TaxonTree['labels'][number],
): Pick<Observation, 'taxon' | 'rank' | 'group'> {
  const { taxon, rank, group } = decision.kind === 'taxon' ? decision.node : label;
  return {
    ...(taxon !== undefined && { taxon }),
    ...(rank !== undefined && { rank }),
    ...(group !== undefined && { group }),
  };
}
