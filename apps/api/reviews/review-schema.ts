import { z } from 'zod';
import { REVIEW_VERDICTS } from '../../../libs/domain/index.js';
import { count, instant } from '../view-fields.js';

/** One row of a run's history. */
export const REVIEW = z
  .strictObject({
    id: count().meta({ description: '1, 2, 3 … within the run' }),
    verdict: z.enum(REVIEW_VERDICTS),
    label: z.string().optional().meta({ description: 'What the run shows by this review' }),
    taxon: z.string().optional(),
    rank: z.string().optional(),
    group: z.string().optional(),
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
