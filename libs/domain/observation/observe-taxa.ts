import { type Decision, decideRun, evidenceOf, type RunEvidence, type TaxonRule } from './decide-run.js';
import type { Candidate, Observation } from './observation.js';
import { type RankedLabel, rankLabels } from './ranking.js';
import type { TaxonNode, TaxonTree } from './taxon-tree.js';
import type { LabelVotes } from './votes.js';

/**
 * The observation of a run by the probabilities of all labels of its crops: see `evidenceOf` and `decideRun`. The figures of
 * the votes (`top1Crops`, `top1ProbMean`) are those of insect-detect, for what reads them.
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
  const voted = rankLabels(votes);
  if (!evidence || !voted.length) return undefined;
  const decision = decideRun(evidence, tree, rule, allowed);
  const label = tree.labels[decision.label];
  if (!label) return undefined;
  const own = voted.find((ranked) => ranked.label === label.id);
  return {
    label: label.id,
    ...named(decision, label),
    probability: decision.probability,
    top1ProbMean: own?.top1ProbMean ?? 0,
    top1Crops: own?.top1Crops ?? 0,
    crops: voted.reduce((sum, { top1Crops }) => sum + top1Crops, 0),
    insect: decision.kind !== 'nothing',
    unsure: decision.kind === 'unsure',
    ...(decision.kind === 'unsure' && { reason: 'low-probability' as const }),
    rolledUp: decision.kind === 'taxon' && decision.node.taxon !== label.taxon,
    ranking: candidates(evidence, decision, tree, voted),
  };
}

/** Labels without a vote that are listed: as many as a crop's answer has. */
const CANDIDATES = 5;

/** The labels between which it was decided, by the figures from which it was decided. */
function candidates(
  { insects, nothing }: RunEvidence,
  decision: Decision,
  tree: TaxonTree,
  voted: readonly RankedLabel[],
): Candidate[] {
  // Insects are weighed among themselves, unless the run is no insect: then that comes first, with its share of the whole.
  const isNothing = decision.kind === 'nothing';
  const rest = isNothing ? 1 - nothing : 1;
  return (
    tree.labels
      .map(({ id }, at) => ({
        label: id,
        probability: isNothing && at === decision.label ? decision.probability : (insects[at] ?? 0) * rest,
        votes: voted.find(({ label }) => label === id),
      }))
      // Of equal ones, as in the decision, the first counts.
      .sort((a, b) => b.probability - a.probability)
      .filter(({ probability, votes }, index) => votes || (probability > 0 && index < CANDIDATES))
      .map(({ label, probability, votes }) => ({
        label,
        top1Crops: 0,
        top1ProbMean: 0,
        top1ProbWeighted: 0,
        ...votes,
        probability,
      }))
  );
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
