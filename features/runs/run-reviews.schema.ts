import { z } from 'zod';
import { decidingReview, REVIEW_VERDICTS, type RecordedReview } from '../../libs/domain/index.js';
import { type Principal, seesExactPlaces } from '../accounts/index.js';
import { count, instant, iso } from '../http/index.js';
import { NAMES } from '../taxa/index.js';

/** One row of a run's history. */
export const REVIEW = z
  .strictObject({
    id: count().meta({ description: '1, 2, 3 … within the run' }),
    verdict: z.enum(REVIEW_VERDICTS),
    label: z.string().optional().meta({ description: 'What the run shows by this review' }),
    taxon: z.string().optional(),
    rank: z.string().optional(),
    group: z.string().optional(),
    names: NAMES.optional(),
    insect: z.boolean().optional(),
    undoes: count().optional().meta({ description: 'The review that this one takes back' }),
    comment: z.string().optional().meta({ description: 'For editors' }),
    by: z.string().meta({ description: 'Name of the key or of the person' }),
    byKind: z.enum(['key', 'user']),
    at: instant(),
    model: z.string().optional().meta({ description: 'The model that had observed the run by then' }),
    modelLabel: z.string().optional().meta({ description: 'What it said then' }),
    decides: z.boolean().meta({ description: 'The verdict of the run is that of this review' }),
    takenBack: z.boolean(),
  })
  .meta({ id: 'Review', description: 'What a person said of a run' });

export const EXAMPLE_REVIEW: z.output<typeof REVIEW> = {
  id: 1,
  verdict: 'relabel',
  label: 'Volucella_zonaria',
  taxon: 'Volucella zonaria',
  rank: 'species',
  group: 'hoverflies',
  names: { en: 'Hornet hoverfly', de: 'Hornissenschwebfliege' },
  insect: true,
  comment: 'Yellow bands, no waist.',
  by: 'anna',
  byKind: 'user',
  at: '2026-06-02T19:12:44.031Z',
  model: 'aml-2026-1.0',
  modelLabel: 'wasp',
  decides: true,
  takenBack: false,
};

/** The history of one run, oldest first: nothing is ever left out. */
export function presentReviews(
  reviews: readonly RecordedReview[],
  user: Principal,
): z.output<typeof REVIEW>[] {
  const deciding = decidingReview(reviews);
  const undone = new Set(reviews.map(({ undoes }) => undoes));
  return reviews.map((review) => ({
    id: review.id,
    verdict: review.verdict,
    label: review.named?.label,
    taxon: review.named?.taxon,
    rank: review.named?.rank,
    group: review.named?.group,
    insect: review.named?.insect,
    undoes: review.undoes,
    // Free text may reveal where the trap is.
    comment: seesExactPlaces(user) ? (review.comment ?? undefined) : undefined,
    by: review.byName,
    byKind: review.byKind,
    at: iso(review.atMs),
    model: review.model ?? undefined,
    modelLabel: review.modelLabel ?? undefined,
    decides: review === deciding,
    takenBack: undone.has(review.id),
  }));
}
