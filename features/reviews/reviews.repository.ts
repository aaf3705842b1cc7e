import { Injectable } from '@nestjs/common';
import { Catalog, withRetry } from '../../libs/database/index.js';
import type { ModelObservation, RecordedReview, RunId } from '../../libs/domain/index.js';
import { findObservation, RunVerdict } from '../observations/index.js';
import { addReview, lockKnownRun, missingRun, reviewsOf } from '../runs/index.js';

@Injectable()
export class ReviewsRepository {
  private readonly verdict = new RunVerdict();

  constructor(private readonly catalog: Catalog) {}

  /**
   * Adds a review to a run, and lets its verdict, messages and point follow, in one transaction.
   *
   * @param decide gets the history and what the model that counts observed, while the run is locked; it returns the
   *   review, or undefined if there is nothing to add. It may be called again, if the database asks for it
   * @returns whether a review was added
   * @throws Problem 404, or 410 if the run was deleted for good
   */
  add(
    run: RunId,
    decide: (
      history: readonly RecordedReview[],
      observation: ModelObservation | undefined,
    ) => RecordedReview | undefined,
  ): Promise<boolean> {
    return withRetry(this.catalog.db, async (tx) => {
      const known = await lockKnownRun(tx, run);
      if (!known) throw await missingRun(tx, run);
      const history = await reviewsOf(tx, run);
      const observation = known.model === null ? undefined : await findObservation(tx, run, known.model);
      const review = decide(history, observation);
      if (!review) return false;
      await addReview(tx, run, review);
      await this.verdict.apply(tx, known, { reviews: [...history, review], nowMs: review.atMs });
      return true;
    });
  }
}
