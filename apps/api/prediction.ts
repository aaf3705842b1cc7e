import { z } from 'zod';
import type { ModelPackage, RankedLabel } from '../../libs/classifier/index.js';
import { share } from './view-fields.js';

const RANKED = z.strictObject({
  label: z.string(),
  probability: share(),
  taxon: z.string().optional(),
  rank: z.string().optional(),
  group: z.string().optional(),
  insect: z.boolean(),
});

export const PREDICTION = z
  .strictObject({
    model: z.string(),
    ranked: z.array(RANKED).min(1).max(100).meta({ description: 'The most probable labels, best first' }),
  })
  .meta({ id: 'Prediction', description: "The model's answer for one picture" });

export const EXAMPLE_PREDICTION: z.output<typeof PREDICTION> = {
  model: 'meadow-visitors-1.2',
  ranked: [
    {
      label: 'honeybee',
      probability: 0.94,
      taxon: 'Apis mellifera',
      rank: 'species',
      group: 'bees',
      insect: true,
    },
    { label: 'none_shadow', probability: 0.03, insect: false },
  ],
};

export function predictionView(
  { key, card }: ModelPackage,
  ranked: readonly RankedLabel[],
): z.output<typeof PREDICTION> {
  const known = new Map(card.labels.map((label) => [label.id, label]));
  return {
    model: key,
    ranked: ranked.map(({ label, probability }) => {
      const { taxon, rank, group, kind } = known.get(label) ?? {};
      return { label, probability, taxon, rank, group, insect: kind !== 'non_insect' };
    }),
  };
}
