import { z } from 'zod';
import { NAME_PATTERN, splitName } from '../../domain/index.js';
import { ModelError } from './model-error.js';
import { CONTINENTS } from './taxonomy.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const gitBlob = z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 lower-case hex digits');
const name = (longest: number) => {
  const error = `must be 1 to ${longest} letters, digits, "_", "." or "-", with no "." or "-" first and no ".."`;
  return z.string().max(longest, error).regex(NAME_PATTERN, error);
};
const slug = name(64);
const fileName = z.string().regex(NAME_PATTERN, 'must be a file name in the folder of the card');
const channels = z.tuple([z.number(), z.number(), z.number()]);
const positive = z.number().int().min(1);

/** A file beside the card. `gitBlob` identifies a public file whose sha256 is not known yet. */
const fileSchema = z
  .strictObject({
    path: fileName,
    sha256: sha256.optional(),
    gitBlob: gitBlob.optional(),
    bytes: positive.optional(),
  })
  .refine((file) => file.sha256 ?? file.gitBlob, 'needs sha256 (or gitBlob, for a file yet to be fetched)');

const inputSchema = z.strictObject({
  name: z.string().min(1),
  layout: z.enum(['NHWC', 'NCHW']),
  dtype: z.enum(['uint8', 'float32', 'float16']),
  height: positive.max(4096),
  width: positive.max(4096),
  color: z.enum(['RGB', 'BGR']),
  batch: z.union([z.literal('dynamic'), positive.max(256)]),
});

/**
 * From the decoded image to the numbers of the input: `(value × rescale − mean) / std`, value in 0–255,
 * `mean` and `std` per channel in the order of `input.color`.
 *
 * `geometry`:
 * - `stretch`: both sides to the input's size, whatever the aspect
 * - `centre-crop`: the largest centred part with the input's aspect, then to its size
 * - `shorter-side-centre-crop`: the shorter side to `shorterSide` (default: the input's), then the centre
 * - `stretch-centre-crop`: both sides to `shorterSide`, whatever the aspect, then the centre
 * - `letterbox`: the whole image, as large as fits, centred on grey (114)
 *
 * `cropOffset`: where the centre lies when it cannot be in the middle: torchvision rounds halves to even, the image
 * processors of transformers that work on arrays cut them off.
 *
 * `resample`: `cv2-linear` takes the 2 × 2 nearest pixels even when it shrinks; those of Pillow antialias, but for
 * `pil-nearest`.
 */
const preprocessSchema = z.strictObject({
  geometry: z.enum([
    'stretch',
    'centre-crop',
    'shorter-side-centre-crop',
    'stretch-centre-crop',
    'letterbox',
  ]),
  resample: z.enum([
    'cv2-linear',
    'pil-bilinear',
    'pil-bicubic',
    'pil-lanczos',
    'pil-box',
    'pil-hamming',
    'pil-nearest',
  ]),
  cropOffset: z.enum(['round-half-even', 'floor']).optional(),
  shorterSide: positive.max(4096).optional(),
  rescale: z.number().positive(),
  mean: channels,
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
});

/** `kind` says whether softmax is still to come; a quantised value × `scale` is a probability. */
const outputSchema = z
  .strictObject({
    name: z.string().min(1),
    kind: z.enum(['logits', 'probabilities', 'quantised']),
    scale: z.number().positive().optional(),
    labelOffset: z.number().int().min(0).default(0),
  })
  .refine((output) => output.kind !== 'quantised' || output.scale !== undefined, {
    path: ['scale'],
    message: 'is needed where kind is "quantised", e.g. 0.00390625 for a uint8 of 1/256',
  });

const taxonName = z.string().min(1);

const labelSchema = z
  .strictObject({
    index: z.number().int().min(0),
    id: slug,
    taxon: taxonName.optional(),
    /** Of the taxon. A card may give it behind the name as well: it is split from it. */
    authorship: z.string().min(1).optional(),
    rank: z.string().min(1).optional(),
    group: slug.optional(),
    lineage: z
      .array(
        z.strictObject({
          rank: z.string().min(1),
          taxon: taxonName.overwrite((taxon) => splitName(taxon).name),
        }),
      )
      .optional(),
    names: z.strictObject({ en: z.string().min(1), de: z.string().min(1).optional() }),
    /** Where the taxon lives, native or established; where a trap stands elsewhere, the label is unlikely. */
    continents: z.array(z.enum(CONTINENTS)).min(1).optional(),
    kind: z.enum(['taxon', 'non_insect', 'other']),
  })
  .overwrite((label) => {
    if (label.taxon === undefined) return label;
    const { name: taxon, authorship } = splitName(label.taxon);
    return { ...label, taxon, ...(authorship !== undefined && { authorship }) };
  });

const share = z.number().min(0).max(1);
const decisionSchema = z.strictObject({
  temperature: z.number().positive().default(1),
  unsureBelow: share.default(0.35),
  marginBelow: share.default(0.1),
  energyMin: z.number().optional(),
  /**
   * How the verdict on a run is found. `taxa`: by the probabilities of all labels, summed up in their taxonomy; needs an
   * order in the lineage of each taxon. `votes`: by the best label of each crop. Default: `taxa` where that is possible.
   */
  rule: z.enum(['taxa', 'votes']).optional(),
  /** Of the rule `taxa`; found by `model calibrate`. */
  taxa: z
    .strictObject({
      temperature: z.number().min(0.05).max(20).default(1),
      level: z.number().gt(0.5, 'must be above 0.5, or two taxa could reach it').max(1).default(0.8),
      nothingAt: share.default(0.6),
      /** Where the temperature comes from, and what it leads to on pictures that it was not found on. */
      calibration: z
        .strictObject({
          data: z.string().min(1),
          fittedOn: z.number().int().min(0),
          heldOut: z.number().int().min(0),
          curve: z.array(
            z.strictObject({
              level: share,
              right: z.number().int().min(0),
              wrong: z.number().int().min(0),
              unsure: z.number().int().min(0),
              nothing: z.number().int().min(0),
            }),
          ),
        })
        .optional(),
    })
    .optional(),
});

/** An image beside the card and the model's raw answer to it: logits, or probabilities. */
const goldenSchema = z
  .strictObject({
    image: fileName,
    logits: z.array(z.number()).optional(),
    probabilities: z.array(z.number()).optional(),
    top1: slug.optional(),
    /** Some of the best labels with their probabilities, where a model has too many for a whole row. */
    top: z
      .array(z.strictObject({ label: slug, probability: share }))
      .min(1)
      .max(5)
      .optional(),
    tolerance: z.number().positive().default(0.01),
  })
  .refine(
    (golden) => golden.logits ?? golden.probabilities ?? golden.top1 ?? golden.top,
    'needs logits, probabilities, top1 or top',
  );

export const cardSchema = z
  .strictObject({
    schema: z.literal(1),
    id: name(40),
    version: name(23),
    /** For trying out only: never preferred to another model. */
    demo: z.boolean().optional(),
    description: z.string().optional(),
    file: fileSchema,
    /** The published file that `file` was converted from at install. */
    convertedFrom: fileSchema.optional(),
    input: inputSchema,
    preprocess: preprocessSchema,
    output: outputSchema,
    labels: z.array(labelSchema).min(2),
    decision: decisionSchema.prefault({}),
    metrics: z.record(z.string(), z.number()).optional(),
    licence: z.string().min(1),
    citation: z.string().min(1),
    source: z.string().min(1),
    golden: z.array(goldenSchema).optional(),
  })
  .superRefine((card, context) => {
    const longer = Math.max(card.input.width, card.input.height);
    if ((card.preprocess.shorterSide ?? longer) < longer) {
      const message = `must be at least ${longer}, the longer side of the input`;
      context.addIssue({ code: 'custom', path: ['preprocess', 'shorterSide'], message });
    }
    const seen = new Set<string>();
    for (const [at, label] of card.labels.entries()) {
      if (label.index !== at) {
        const message = `is ${label.index}, must be ${at}: labels stand in the order of the output, from 0`;
        context.addIssue({ code: 'custom', path: ['labels', at, 'index'], message });
      }
      if (seen.has(label.id)) {
        context.addIssue({
          code: 'custom',
          path: ['labels', at, 'id'],
          message: `"${label.id}" stands twice`,
        });
      }
      seen.add(label.id);
    }
  });

/** Everything the platform must know of a model, as model.json says it. */
export type ModelCard = z.output<typeof cardSchema>;
export type ModelLabel = ModelCard['labels'][number];

/**
 * Reads a card.
 *
 * @param json the parsed content of model.json
 * @param where named in the message, e.g. the file's path
 * @throws ModelError `card-invalid`, naming every wrong field and what would be right
 */
export function parseCard(json: unknown, where = 'model.json'): ModelCard {
  const parsed = cardSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'card'}: ${issue.message}`);
  throw new ModelError('card-invalid', `${where} is not a valid model card: ${faults.join('; ')}`);
}

/** The model's name in rows and tags: `<id>-<version>`, matches `[\w.-]{1,64}`. */
export function modelKey(card: Pick<ModelCard, 'id' | 'version'>): string {
  return `${card.id}-${card.version}`;
}
