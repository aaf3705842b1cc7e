import { byCodePoint, type LabelVotes } from './votes.js';

export interface RankedLabel {
  readonly label: string;
  readonly top1Crops: number;
  readonly top1ProbMean: number;
  /** `top1ProbMean × top1Crops / crops of the run`. */
  readonly top1ProbWeighted: number;
}

/** Probabilities closer than this are equal: sums of the same votes in another order differ by less. */
export const EQUAL_WITHIN = 1e-9;

const steps = (probability: number): number => Math.round(probability / EQUAL_WITHIN);

/** All labels of a run, largest weighted probability first; a tie goes to the label first in code-point order. */
export function rankLabels(votes: readonly LabelVotes[]): RankedLabel[] {
  const crops = votes.reduce((sum, vote) => sum + vote.crops, 0);
  return votes
    .filter((vote) => vote.crops > 0)
    .map((vote) => ({
      label: vote.label,
      top1Crops: vote.crops,
      top1ProbMean: vote.probabilitySum / vote.crops,
      top1ProbWeighted: vote.probabilitySum / crops,
    }))
    .sort((a, b) => steps(b.top1ProbWeighted) - steps(a.top1ProbWeighted) || byCodePoint(a.label, b.label));
}
