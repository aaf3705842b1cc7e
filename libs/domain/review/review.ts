import type { Observation } from '../observation/observation.js';
import { splitName } from '../observation/scientific-name.js';

/** What a person can say of a run; `undo` takes an earlier review back. */
export const REVIEW_VERDICTS = ['agree', 'relabel', 'not-insect', 'unsure', 'undo'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

/** Stands where a model is named, for a run of which people alone have said what it shows. No model has this name. */
export const HUMAN = 'people';

/** A person is no classifier and computes nothing: a verdict that people settled counts as certain. */
const CERTAIN = 1;

/** What a run shows. */
export interface DecidedTaxon {
  readonly label: string;
  readonly taxon?: string | undefined;
  readonly rank?: string | undefined;
  readonly group?: string | undefined;
  readonly insect: boolean;
}

/** One row of a run's history. */
export interface Review {
  /** 1, 2, 3 … within its run, in the order in which they came. */
  readonly id: number;
  readonly verdict: ReviewVerdict;
  /** What the run shows, as it was understood when the person spoke; nothing for `unsure` and `undo`. */
  readonly named?: DecidedTaxon | undefined;
  /** Of an `undo`: the review that it takes back. */
  readonly undoes?: number | undefined;
}

/** A review as the history of its run keeps it. */
export interface RecordedReview extends Review {
  readonly comment: string | null;
  /** The holder of an API key, or a user who had logged in. */
  readonly byKind: 'key' | 'user';
  readonly byName: string;
  readonly atMs: number;
  /** The model that had observed the run by then, and its label; null if none had. */
  readonly model: string | null;
  readonly modelLabel: string | null;
}

/** What of an observation a verdict is made of. */
export type ModelVerdict = DecidedTaxon & Pick<Observation, 'probability' | 'unsure'>;

/** The verdict that counts: what lists, counts, exports and time series go by. */
interface Verdict {
  /** Undefined where people are unsure of a run that no model has observed. */
  readonly named: DecidedTaxon | undefined;
  /** In [0, 1]; 1 where people settled it. */
  readonly probability: number | undefined;
  readonly unsure: boolean;
  readonly reviewed: boolean;
}

/**
 * The verdict that counts: the newest review that nobody took back decides, otherwise the observation. What a person
 * settled does not change with late crops or another model. Who is unsure settles no label: that of the observation
 * stays the candidate, whatever the model says by then.
 *
 * @param observation of the model that speaks now
 * @param reviews all of the run, in any order
 * @returns undefined where neither model nor people have spoken
 */
export function verdictOf(
  observation: ModelVerdict | undefined,
  reviews: readonly Review[],
): Verdict | undefined {
  const review = decidingReview(reviews);
  if (review && review.verdict !== 'unsure')
    return {
      named: review.named && withoutAuthorship(review.named),
      probability: CERTAIN,
      unsure: false,
      reviewed: true,
    };
  if (!review && !observation) return undefined;
  return {
    named: observation && decidedTaxonOf(observation),
    probability: observation?.probability,
    unsure: review !== undefined || observation?.unsure === true,
    reviewed: review !== undefined,
  };
}

/** One taxon is one, whether a person gave its authorship or not. */
const withoutAuthorship = (named: DecidedTaxon): DecidedTaxon =>
  named.taxon === undefined ? named : { ...named, taxon: splitName(named.taxon).name };

/** The newest review that nobody took back, or undefined. */
export function decidingReview<R extends Review>(reviews: readonly R[]): R | undefined {
  const undone = new Set(reviews.map(({ undoes }) => undoes));
  return reviews
    .filter(({ id, verdict }) => verdict !== 'undo' && !undone.has(id))
    .reduce<R | undefined>(
      (newest, review) => (newest && newest.id > review.id ? newest : review),
      undefined,
    );
}

export const decidedTaxonOf = ({ label, taxon, rank, group, insect }: DecidedTaxon): DecidedTaxon => ({
  label,
  taxon,
  rank,
  group,
  insect,
});
