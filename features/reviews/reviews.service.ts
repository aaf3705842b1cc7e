import { type Catalog, withRetry } from '../../libs/database/index.js';
import {
  decidingReview,
  type Label,
  type ModelObservation,
  nameReview,
  type ReviewFault,
  type RunId,
} from '../../libs/domain/index.js';
import type { Principal } from '../accounts/index.js';
import { invalidRequest, Problem } from '../http/index.js';
import { findObservation, RunVerdict } from '../observations/index.js';
import { addReview, lockKnownRun, missingRun, type ReviewRow, reviewOf, reviewsOf } from '../runs/index.js';
import type { ReviewBody } from './review-body.js';

/** One review on its way into the history of its run. */
interface Saying {
  readonly run: RunId;
  readonly body: ReviewBody;
  readonly by: Pick<Principal, 'kind' | 'name'>;
  readonly nowMs: number;
}

/** Takes down what people say of runs. History, verdict, messages and the mark for the time series are one commit. */
export class Reviewer {
  private readonly verdict = new RunVerdict();

  constructor(
    private readonly catalog: Catalog,
    /** Of the card that is active now. */
    private readonly labels: () => ReadonlyMap<string, Label> | undefined,
  ) {}

  /**
   * @returns false where the very same stands already: whoever sends it twice has said it once
   * @throws Problem 404 where nobody knows the run, 400 for what cannot be meant, 409 for what no longer fits
   */
  review(saying: Saying): Promise<boolean> {
    return withRetry(this.catalog.db, async (tx) => {
      const { run, body } = saying;
      const row = await lockKnownRun(tx, run);
      if (!row) throw await missingRun(tx, run);
      const history = await reviewsOf(tx, run);
      const observation = row.model === null ? undefined : await findObservation(tx, run, row.model);
      const review = { ...base(saying, history, observation), ...this.said(body, history, observation) };
      if (body.verdict === 'undo' ? isUndone(history, review.undoes) : isSaidAlready(history, review))
        return false;
      await addReview(tx, review);
      await this.verdict.apply(tx, row, { reviews: [...history, review], nowMs: saying.nowMs });
      return true;
    });
  }

  /** The columns that the verdict decides. */
  private said(body: ReviewBody, history: readonly ReviewRow[], observation: ModelObservation | undefined) {
    if (body.verdict === 'undo') return { ...NOTHING_NAMED, undoes: undoneBy(body, history) };
    const { named, fault } = nameReview(body, observation, this.labels());
    if (fault) throw problemOf(fault);
    return {
      undoes: null,
      label: named?.label ?? null,
      taxon: named?.taxon ?? null,
      rank: named?.rank ?? null,
      taxon_group: named?.group ?? null,
      insect: named ? (named.insect ? (1 as const) : (0 as const)) : null,
    };
  }
}

const NOTHING_NAMED = { label: null, taxon: null, rank: null, taxon_group: null, insect: null };

/** What every review has, whatever it says. */
function base({ run, body, by, nowMs }: Saying, history: readonly ReviewRow[], observed?: ModelObservation) {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    // The row of the run is held: nobody else adds one meanwhile.
    review_id: (history.at(-1)?.review_id ?? 0) + 1,
    verdict: body.verdict,
    comment: body.comment ?? null,
    by_kind: by.kind === 'user' ? ('user' as const) : ('key' as const),
    by_name: by.name,
    at_ms: nowMs,
    model: observed?.model ?? null,
    model_label: observed?.label ?? null,
  };
}

/** The review that an undo takes back. */
function undoneBy({ review }: ReviewBody, history: readonly ReviewRow[]): number {
  if (review === undefined) {
    const deciding = decidingReview(history.map(reviewOf));
    if (deciding) return deciding.id;
    throw new Problem(409, 'conflict', 'There is nothing to take back: no review of this run stands.');
  }
  const meant = history.find((row) => row.review_id === review);
  if (!meant) throw invalidRequest([{ field: 'review', message: 'is not a review of this run' }]);
  if (meant.verdict !== 'undo') return review;
  throw invalidRequest([{ field: 'review', message: 'took one back: review the run again instead' }]);
}

const isUndone = (history: readonly ReviewRow[], id: number | null): boolean =>
  history.some(({ undoes }) => undoes === id);

const SAYS = [
  'verdict',
  'label',
  'taxon',
  'rank',
  'taxon_group',
  'insect',
  'comment',
  'by_kind',
  'by_name',
] as const;

/** True where the review that decides is the same, by the same person. */
function isSaidAlready(history: readonly ReviewRow[], review: ReviewRow): boolean {
  const deciding = decidingReview(history.map(reviewOf));
  const before = history.find((row) => row.review_id === deciding?.id);
  return before !== undefined && SAYS.every((column) => before[column] === review[column]);
}

function problemOf({ kind, field, message }: ReviewFault): Problem {
  const errors = [{ field, message }];
  return kind === 'wrong'
    ? invalidRequest(errors)
    : new Problem(409, 'conflict', `${field} ${message}.`, { errors });
}
