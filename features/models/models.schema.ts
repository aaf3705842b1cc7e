import { z } from 'zod';
import { cardSchema, type ModelCard, modelKey } from '../../libs/classifier/index.js';
import { count, type Links, link, sha256 } from '../http/index.js';

const card = cardSchema.shape;

const MODEL = z
  .strictObject({
    key: z.string().meta({ description: 'Its name in observations' }),
    name: z.string(),
    version: z.string(),
    active: z.boolean().meta({ description: 'It classifies what comes in now' }),
    demo: z.boolean().meta({ description: 'For trying out only: it knows no real insect' }),
    description: z.string().optional(),
    sha256: sha256().nullable(),
    bytes: count().optional(),
    licence: z.string(),
    citation: z.string(),
    source: z.string(),
    labels: count().meta({ description: 'How many it can tell apart' }),
    input: card.input,
    decision: card.decision,
    metrics: card.metrics,
    links: z.strictObject({ self: link() }),
  })
  .meta({ id: 'Model' });

export const MODELS = z.strictObject({
  active: z.boolean(),
  items: z.array(MODEL),
  advice: z
    .string()
    .optional()
    .meta({ description: 'What to do where no model is active, or only the demo model' }),
});

export const MODEL_IN_FULL = MODEL.extend({
  card: cardSchema.meta({ description: 'The whole of model.json' }),
}).meta({ id: 'ModelInFull' });

export const LABELS = z.strictObject({
  model: z.string().nullable(),
  items: z.array(
    z
      .strictObject({
        label: z.string(),
        kind: z.enum(['taxon', 'non_insect', 'other']),
        insect: z.boolean().meta({ description: 'Counts as an insect' }),
        taxon: z.string().optional(),
        rank: z.string().optional(),
        group: z.string().optional(),
        lineage: z.array(z.strictObject({ rank: z.string(), taxon: z.string() })).optional(),
        names: z.strictObject({ en: z.string(), de: z.string().optional() }),
      })
      .meta({ id: 'Label' }),
  ),
});

const INPUT = {
  name: 'images',
  layout: 'NCHW' as const,
  dtype: 'float32' as const,
  height: 128,
  width: 128,
  color: 'RGB' as const,
  batch: 'dynamic' as const,
};
const DECISION = { temperature: 1, unsureBelow: 0.35, marginBelow: 0.1 };
const SHA256 = '2b1f0a5f6f7d7b1c3a9c9f3f0f4d4f1f6c0f2a1b3c4d5e6f708192a3b4c5d6e7';

export const EXAMPLE_MODEL: z.output<typeof MODEL> = {
  key: 'meadow-visitors-1.2',
  name: 'meadow-visitors',
  version: '1.2',
  active: true,
  demo: false,
  description: '27 classes of a flower platform in Central Europe',
  sha256: SHA256,
  bytes: 16_284_113,
  licence: 'CC-BY-4.0',
  citation: 'Meadow Group (2026). Visitors of a flower platform.',
  source: 'https://example.org/meadow-visitors',
  labels: 2,
  input: INPUT,
  decision: DECISION,
  metrics: { top1: 0.93 },
  links: { self: '/api/v1/models/meadow-visitors-1.2' },
};

export const EXAMPLE_MODEL_IN_FULL: z.output<typeof MODEL_IN_FULL> = {
  ...EXAMPLE_MODEL,
  card: {
    schema: 1,
    id: 'meadow-visitors',
    version: '1.2',
    file: { path: 'model.onnx', sha256: SHA256, bytes: 16_284_113 },
    input: INPUT,
    preprocess: {
      geometry: 'stretch',
      resample: 'cv2-linear',
      rescale: 0.003921568627,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    output: { name: 'output0', kind: 'logits', labelOffset: 0 },
    labels: [
      {
        index: 0,
        id: 'honeybee',
        taxon: 'Apis mellifera',
        rank: 'species',
        group: 'bees',
        names: { en: 'Honeybee' },
        kind: 'taxon',
      },
      { index: 1, id: 'none_dirt', names: { en: 'Dirt' }, kind: 'non_insect' },
    ],
    decision: DECISION,
    licence: 'CC-BY-4.0',
    citation: 'Meadow Group (2026). Visitors of a flower platform.',
    source: 'https://example.org/meadow-visitors',
  },
};

export const EXAMPLE_LABELS: z.output<typeof LABELS> = {
  model: 'meadow-visitors-1.2',
  items: [
    {
      label: 'honeybee',
      kind: 'taxon',
      insect: true,
      taxon: 'Apis mellifera',
      rank: 'species',
      group: 'bees',
      names: { en: 'Honeybee' },
    },
    { label: 'none_dirt', kind: 'non_insect', insect: false, names: { en: 'Dirt' } },
  ],
};

/** What of a card a list shows. */
export function modelView(
  card: ModelCard,
  activeKey: string | undefined,
  links: Links,
): z.output<typeof MODEL> {
  const { id, version, description, file, input, labels, licence, citation, source, metrics, decision } =
    card;
  const key = modelKey(card);
  return {
    key,
    name: id,
    version,
    active: key === activeKey,
    demo: card.demo ?? false,
    description,
    sha256: file.sha256 ?? null,
    bytes: file.bytes,
    licence,
    citation,
    source,
    labels: labels.length,
    input,
    decision,
    metrics,
    links: { self: links.model(key) },
  };
}

/** The labels of a card, in the order of the model's output. */
export const labelViews = (card: ModelCard): z.output<typeof LABELS>['items'] =>
  card.labels.map(({ index: _index, id, kind, ...rest }) => ({
    label: id,
    kind,
    insect: kind !== 'non_insect',
    ...rest,
  }));
