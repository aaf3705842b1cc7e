import { type Db, firstCrops, type RunWithObservation, reviewsOfRuns } from '../../libs/catalog/index.js';
import { runKey } from '../../libs/domain/index.js';
import type { Caller } from './access.js';
import type { Links } from './links.js';
import { reviewViews } from './reviews/review-view.js';
import { runIdOf, runView } from './run-view.js';

/** Looks up for some runs at once what their rows do not say, and shows each as lists have it. */
export async function showRuns(db: Db, rows: readonly RunWithObservation[], links: Links, asker: Caller) {
  const runs = rows.map(runIdOf);
  const first = await firstCrops(db, runs);
  const images = new Map(first.map((crop) => [runKey(runIdOf(crop)), crop.crop_id]));
  const reviews = await reviewsOfRuns(db, runs);
  return (row: RunWithObservation) => {
    const key = runKey(runIdOf(row));
    return { ...runView(row, images.get(key), links), reviews: reviewViews(reviews.get(key) ?? [], asker) };
  };
}
