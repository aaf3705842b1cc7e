import { z } from 'zod';
import { decidingReview, REVIEW_VERDICTS } from '../../libs/domain/index.js';
import { type Principal, seesExactPlaces } from '../accounts/index.js';
import { count, instant, iso } from '../http/index.js';
import { NAMES } from '../taxa/index.js';
import { type ReviewRow, reviewOf } from './run-reviews.repository.js';

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

/** What people said of one run, oldest first: nothing that was ever said is left out. */
export function reviewViews(rows: readonly ReviewRow[], user: Principal): z.output<typeof REVIEW>[] {
  const deciding = decidingReview(rows.map(reviewOf))?.id;
  const undone = new Set(rows.map(({ undoes }) => undoes));
  return rows.map((row) => ({
    id: row.review_id,
    verdict: row.verdict,
    label: row.label ?? undefined,
    taxon: row.taxon ?? undefined,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    insect: row.insect === null ? undefined : row.insect === 1,
    undoes: row.undoes ?? undefined,
    // Whoever writes freely may tell where the trap stands.
    comment: seesExactPlaces(user) ? (row.comment ?? undefined) : undefined,
    by: row.by_name,
    byKind: row.by_kind,
    at: iso(row.at_ms),
    model: row.model ?? undefined,
    modelLabel: row.model_label ?? undefined,
    decides: row.review_id === deciding,
    takenBack: undone.has(row.review_id),
  }));
}
