import { byCodePoint, type LabelVotes } from './votes.js';

/** One row of insect-detect's `*_top1_all.csv`: a label of a run, with figures rounded as that program rounds. */
interface InsectDetectRow {
  readonly label: string;
  /** `top1_imgs` */
  readonly top1Crops: number;
  /** `track_ID_imgs` */
  readonly crops: number;
  /** `top1_prob_mean`, 2 decimals */
  readonly top1ProbMean: number;
  /** `top1_prob_weighted`, 2 decimals */
  readonly top1ProbWeighted: number;
}

/** Rounds to the nearest whole number, and halves to the even one, as C's `rint` does. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const part = value - below;
  if (part !== 0.5) return part < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Rounds as numpy does: scale by a power of ten, halves to even, scale back, all on binary floats. */
export function roundTo(decimals: number, value: number): number {
  const scale = 10 ** decimals;
  return roundHalfEven(value * scale) / scale;
}

/** To 2 decimals, so 0.305 becomes 0.3, and 0.285, which is a little less when scaled, 0.28. */
export const round2 = (value: number): number => roundTo(2, value);

/**
 * The rows that insect-detect's post-processing (insect-detect-ml, `process_metadata.py`) would write for one
 * run, best first; the first is what its `*_top1_final.csv` names. The mean is rounded before it is weighted,
 * and the product again; equal figures go to the label first in code-point order.
 *
 * For exports only. Two labels that differ by less than the rounding are a tie here and none in `observe`.
 */
export function insectDetectRows(votes: readonly LabelVotes[]): InsectDetectRow[] {
  const crops = votes.reduce((sum, vote) => sum + vote.crops, 0);
  return votes
    .filter((vote) => vote.crops > 0)
    .map((vote) => {
      const top1ProbMean = round2(vote.probabilitySum / vote.crops);
      const top1ProbWeighted = round2(top1ProbMean * (vote.crops / crops));
      return { label: vote.label, top1Crops: vote.crops, crops, top1ProbMean, top1ProbWeighted };
    })
    .sort((a, b) => b.top1ProbWeighted - a.top1ProbWeighted || byCodePoint(a.label, b.label));
}
