import { reaches } from './probability.js';
import type { TaxonNode, TaxonTree } from './taxon-tree.js';

/** How a run is decided by the probabilities of all labels. */
export interface TaxonRule {
  /** Of the mean vector: under 1 it becomes sharper. Found by calibration. */
  readonly temperature: number;
  /** Summed probability that a taxon must have among the insects, above 0.5. */
  readonly level: number;
  /** Mean share of labels that are no insect from which on a run is nothing: the trap has seen something already. */
  readonly nothingAt: number;
}

export const DEFAULT_TAXON_RULE: TaxonRule = { temperature: 1, level: 0.8, nothingAt: 0.6 };

/** What the crops of a run say together. */
export interface RunEvidence {
  /** Mean share of each label that is no insect; 0 for insects. */
  readonly others: Float64Array;
  /** Probability of each label among the insects; sums to 1 where there is any. */
  readonly insects: Float64Array;
  /** Of all labels that are no insect, in [0, 1]. */
  readonly nothing: number;
}

/**
 * The mean of the crops' probability vectors, in which a crop counts by how much of it is insect and by how concentrated
 * that is (Σp², Simpson's index): a blurred crop, which is a little of everything, must not drown a sharp one. Of one
 * crop, or of equal ones, it is their own vector. The temperature is applied to the mean, since a mean is flatter than
 * what it is made of.
 *
 * @param crops in a fixed order, so that the same crops give the same figures to the last bit
 * @returns undefined where there are none
 */
export function evidenceOf(
  crops: Iterable<ArrayLike<number>>,
  tree: TaxonTree,
  { temperature }: Pick<TaxonRule, 'temperature'>,
): RunEvidence | undefined {
  const size = tree.labels.length;
  const insects = new Float64Array(size);
  const others = new Float64Array(size);
  const isInsect = tree.labels.map((_, at) => tree.isInsect(at));
  let count = 0;
  let weights = 0;
  for (const vector of crops) {
    let share = 0;
    let squares = 0;
    for (let at = 0; at < size; at++) {
      const value = vector[at] as number;
      if (!isInsect[at]) others[at] = (others[at] as number) + value;
      else {
        share += value;
        squares += value * value;
      }
    }
    count += 1;
    if (share === 0) continue;
    const weight = squares / share ** 2;
    weights += weight * share;
    for (let at = 0; at < size; at++)
      if (isInsect[at]) insects[at] = (insects[at] as number) + weight * (vector[at] as number);
  }
  if (count === 0) return undefined;
  let nothing = 0;
  for (let at = 0; at < size; at++) {
    others[at] = (others[at] as number) / count;
    nothing += others[at] as number;
    insects[at] = weights === 0 ? 0 : ((insects[at] as number) / weights) ** (1 / temperature);
  }
  const sum = insects.reduce((total, value) => total + value, 0);
  if (sum > 0) for (let at = 0; at < size; at++) insects[at] = (insects[at] as number) / sum;
  return { insects, others, nothing: Math.min(1, nothing) };
}

/** What a run is decided to be. */
export type Decision =
  | { readonly kind: 'nothing'; readonly label: number; readonly probability: number }
  | { readonly kind: 'taxon'; readonly node: TaxonNode; readonly label: number; readonly probability: number }
  /** Not even the order is clear. The label is the best candidate. */
  | { readonly kind: 'unsure'; readonly label: number; readonly probability: number };

/**
 * Insect or nothing first; then the deepest taxon, at least an order, whose labels together reach the level. A level above
 * one half lets only one line of descent qualify, so ranks never contradict each other.
 *
 * @param allowed taxa that may be claimed, as `occurring` gives them
 */
export function decideRun(
  { insects, others, nothing }: RunEvidence,
  tree: TaxonTree,
  rule: Pick<TaxonRule, 'level' | 'nothingAt'>,
  allowed: ReadonlySet<TaxonNode>,
): Decision {
  if (reaches(nothing, rule.nothingAt))
    return { kind: 'nothing', label: largest(others), probability: nothing };
  let deepest: { node: TaxonNode; probability: number } | undefined;
  for (const node of tree.nodes) {
    if (!node.isClaimable || !allowed.has(node)) continue;
    const probability = Math.min(1, sumOf(insects, node.labels));
    // Parents stand before their children: the last one that qualifies is the deepest.
    if (reaches(probability, rule.level)) deepest = { node, probability };
  }
  if (!deepest) {
    const label = largest(insects);
    return { kind: 'unsure', label, probability: insects[label] ?? 0 };
  }
  return { kind: 'taxon', ...deepest, label: largest(insects, deepest.node.labels) };
}

/** The probability of a taxon among the insects. */
export const sumOf = (insects: Float64Array, labels: readonly number[]): number =>
  labels.reduce((sum, at) => sum + (insects[at] as number), 0);

/** The position of the largest value; the first of several. */
function largest(values: Float64Array, among: Iterable<number> = values.keys()): number {
  let best = -1;
  for (const at of among) if (best < 0 || (values[at] as number) > (values[best] as number)) best = at;
  return best;
}
