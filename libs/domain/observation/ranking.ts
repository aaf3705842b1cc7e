import { reaches } from './probability.js';
import { byCodePoint, type LabelVotes } from './votes.js';

export interface RankedLabel {
  readonly label: string;
  readonly top1Crops: number;
  readonly top1ProbMean: number;
  /** `top1ProbMean × top1Crops / crops of the run`. */
  readonly top1ProbWeighted: number;
}

/**
 * All labels of a run, largest weighted probability first; a tie goes to the label first in code-point order. What is
 * equal to the largest of those not yet ranked is a tie with it.
 */
export function rankLabels(votes: readonly LabelVotes[]): RankedLabel[] {
  const crops = votes.reduce((sum, vote) => sum + vote.crops, 0);
  const descending = votes
    .filter((vote) => vote.crops > 0)
    .map((vote) => ({
      label: vote.label,
      top1Crops: vote.crops,
      top1ProbMean: vote.probabilitySum / vote.crops,
      top1ProbWeighted: vote.probabilitySum / crops,
    }))
    .sort((a, b) => b.top1ProbWeighted - a.top1ProbWeighted);
  const ranking: RankedLabel[] = [];
  while (ranking.length < descending.length) {
    const rest = descending.slice(ranking.length);
    const largest = (rest[0] as RankedLabel).top1ProbWeighted;
    const tied = rest.filter(({ top1ProbWeighted }) => reaches(top1ProbWeighted, largest));
    ranking.push(...tied.sort((a, b) => byCodePoint(a.label, b.label)));
  }
  return ranking;
}
