import type { Label } from './label.js';
import { reaches } from './probability.js';
import { type RankedLabel, rankLabels } from './ranking.js';
import { rollUp } from './roll-up.js';
import type { LabelVotes } from './votes.js';

/** The model card's thresholds, all in [0, 1]. */
export interface DecisionRule {
  /** Under this weighted probability the observation is unsure. */
  readonly unsureBelow: number;
  /** Closer than this to the second label, it is unsure too. */
  readonly marginBelow: number;
  /** Summed probability that a taxon needs to stand in for an unsure label. */
  readonly rollUpAt: number;
}

export const DEFAULT_DECISION: DecisionRule = { unsureBelow: 0.35, marginBelow: 0.1, rollUpAt: 0.65 };

/** One of the labels between which a run was decided. */
export interface Candidate extends RankedLabel {
  /** By which it was ranked: its weighted probability, or that of the mean vector. */
  readonly probability: number;
}

/** The verdict on one run: one visit, counted once. */
export interface Observation {
  /** The best label of the model; when rolled up, the best one under `taxon`. */
  readonly label: string;
  /** The taxon of the label, or the coarser one that it rolled up to. When unsure, a candidate only. */
  readonly taxon?: string;
  readonly rank?: string;
  readonly group?: string;
  /** Of what the verdict names: the label's weighted probability, or, rolled up, the taxon's sum. */
  readonly probability: number;
  readonly top1ProbMean: number;
  readonly top1Crops: number;
  /** Crops of the run that voted. */
  readonly crops: number;
  readonly insect: boolean;
  readonly unsure: boolean;
  readonly reason?: 'low-probability' | 'narrow-margin';
  /** True when `taxon` stands in for a label that alone would have been unsure. */
  readonly rolledUp: boolean;
  /** The labels between which it was decided, best first: all that got a vote, and others that came close. */
  readonly ranking: readonly Candidate[];
}

/** What one model said of a run, as it is kept. */
export interface ModelObservation extends Observation {
  /** Name and version: `<id>-<version>`. */
  readonly model: string;
  /** False while the run is open. */
  readonly final: boolean;
  /** Of the verdict with which it was written. */
  readonly revision: number;
  readonly observedAtMs: number;
}

/**
 * Turns the votes of a run's crops into its observation, without rounding. Source of the rule: the
 * post-processing of insect-detect, whose rounded figures `insectDetectRows` gives.
 *
 * An unsure label rolls up where the card has a taxonomy (see {@link rollUp}). `label` is then still a label of
 * the model, so that filters and corrections keep to one vocabulary; `taxon`, `rank` and `probability` say what
 * may be claimed. A label that is not on the card counts as an insect: only the card can say otherwise.
 *
 * @param votes one entry per label, in any order
 * @returns undefined if no crop has voted
 */
export function observe(
  votes: readonly LabelVotes[],
  labels: ReadonlyMap<string, Label>,
  rule: DecisionRule = DEFAULT_DECISION,
): Observation | undefined {
  const ranking = rankLabels(votes);
  const [best, second] = ranking;
  if (!best) return undefined;
  const reason = doubtOf(best, second, rule);
  const rolled = reason && rollUp(ranking, labels, rule.rollUpAt);
  const named = rolled?.best ?? best;
  const card = labels.get(named.label);
  const { taxon, rank, group } = rolled ?? card ?? {};
  return {
    label: named.label,
    ...(taxon !== undefined && { taxon }),
    ...(rank !== undefined && { rank }),
    ...(group !== undefined && { group }),
    probability: rolled?.probability ?? best.top1ProbWeighted,
    top1ProbMean: named.top1ProbMean,
    top1Crops: named.top1Crops,
    crops: ranking.reduce((sum, { top1Crops }) => sum + top1Crops, 0),
    insect: card?.kind !== 'non_insect',
    unsure: reason !== undefined && !rolled,
    ...(reason && !rolled && { reason }),
    rolledUp: rolled !== undefined,
    ranking: ranking.map((ranked) => ({ ...ranked, probability: ranked.top1ProbWeighted })),
  };
}

function doubtOf(
  best: RankedLabel,
  second: RankedLabel | undefined,
  rule: DecisionRule,
): Observation['reason'] {
  if (!reaches(best.top1ProbWeighted, rule.unsureBelow)) return 'low-probability';
  const margin = best.top1ProbWeighted - (second?.top1ProbWeighted ?? 0);
  return reaches(margin, rule.marginBelow) ? undefined : 'narrow-margin';
}
