import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  decidedTaxonOf,
  decidingReview,
  type Label,
  type ModelObservation,
  nameReview,
  type RecordedReview,
  type Review,
  type ReviewFault,
  type RunId,
} from '../../libs/domain/index.js';
import type { Principal } from '../accounts/index.js';
import { invalidRequest, Problem } from '../http/index.js';
import { Models } from '../models/index.js';
import { type RUN, RunsService } from '../runs/index.js';
import type { ReviewBody } from './review-body.js';
import { ReviewsRepository } from './reviews.repository.js';

@Injectable()
export class ReviewsService {
  constructor(
    private readonly repository: ReviewsRepository,
    private readonly runs: RunsService,
    private readonly models: Models,
  ) {}

  /**
   * Adds a review to the history of its run.
   *
   * @returns false if the same user has already given the same review, and it decides: it is not added again
   * @throws Problem 404 for an unknown run, 400 for contradictory fields, 409 for what no longer fits
   */
  add(run: RunId, body: ReviewBody, user: Pick<Principal, 'kind' | 'name'>): Promise<boolean> {
    const atMs = Date.now();
    return this.repository.add(run, (history, observation) => {
      const review: RecordedReview = {
        // The run is locked: nobody else adds one meanwhile.
        id: (history.at(-1)?.id ?? 0) + 1,
        verdict: body.verdict,
        ...this.decided(body, history, observation),
        comment: body.comment ?? null,
        byKind: user.kind === 'user' ? 'user' : 'key',
        byName: user.name,
        atMs,
        model: observation?.model ?? null,
        modelLabel: observation?.label ?? null,
      };
      const isKnown = body.verdict === 'undo' ? isUndone(history, review) : isDecidedAlready(history, review);
      return isKnown ? undefined : review;
    });
  }

  /** The run with its reviews, as it is now. */
  async show(run: RunId, user: Principal): Promise<z.output<typeof RUN>> {
    const [shown] = await this.runs.present([await this.runs.expect(run)], user);
    return shown as z.output<typeof RUN>;
  }

  private decided(
    body: ReviewBody,
    history: readonly Review[],
    observation: ModelObservation | undefined,
  ): Pick<Review, 'named' | 'undoes'> {
    if (body.verdict === 'undo') return { undoes: undoneBy(body, history) };
    const { named, fault } = nameReview(body, observation, this.labels());
    if (fault) throw problemOf(fault);
    return { named };
  }

  /** Of the card that is active now. */
  private labels(): ReadonlyMap<string, Label> | undefined {
    const labels = this.models.active?.card.labels;
    return labels && new Map(labels.map((label) => [label.id, label]));
  }
}

/** The review that an undo takes back. */
function undoneBy({ review }: ReviewBody, history: readonly Review[]): number {
  if (review === undefined) {
    const deciding = decidingReview(history);
    if (deciding) return deciding.id;
    throw new Problem(409, 'conflict', 'There is nothing to take back: no review of this run stands.');
  }
  const meant = history.find(({ id }) => id === review);
  if (!meant) throw invalidRequest([{ field: 'review', message: 'is not a review of this run' }]);
  if (meant.verdict !== 'undo') return review;
  throw invalidRequest([{ field: 'review', message: 'took one back: review the run again instead' }]);
}

const isUndone = (history: readonly Review[], undo: Review): boolean =>
  history.some(({ undoes }) => undoes === undo.undoes);

/** True if the review that decides is the same, by the same user. */
function isDecidedAlready(history: readonly RecordedReview[], review: RecordedReview): boolean {
  const before = decidingReview(history);
  return before !== undefined && isDeepStrictEqual(contentOf(before), contentOf(review));
}

const contentOf = ({ verdict, named, comment, byKind, byName }: RecordedReview) => ({
  verdict,
  named: named && decidedTaxonOf(named),
  comment,
  byKind,
  byName,
});

function problemOf({ kind, field, message }: ReviewFault): Problem {
  const errors = [{ field, message }];
  return kind === 'wrong'
    ? invalidRequest(errors)
    : new Problem(409, 'conflict', `${field} ${message}.`, { errors });
}
