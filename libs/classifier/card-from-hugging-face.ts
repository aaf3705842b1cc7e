import { z } from 'zod';
import type { CardDraft } from './card-from-yolo.js';
import { deriveLabels } from './derive-label.js';
import { ModelError } from './model-error.js';
import type { OnnxDescription } from './onnx-file.js';

const side = z.number().int().positive();
const size = z.union([side, z.object({ height: side, width: side }), z.object({ shortest_edge: side })]);
const channels = z.tuple([z.number(), z.number(), z.number()]);
const configSchema = z.object({
  id2label: z.record(z.string(), z.string()),
  _name_or_path: z.string().optional(),
});
const preprocessorSchema = z.object({
  do_resize: z.boolean().default(true),
  size: size.optional(),
  do_center_crop: z.boolean().default(false),
  crop_size: size.optional(),
  resample: z.number().default(2),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: channels.default([0, 0, 0]),
  image_std: channels.default([1, 1, 1]),
});

// PIL's number for bilinear.
const BILINEAR = 2;

/**
 * Drafts a card from the config.json and preprocessor_config.json that lie beside a model of Hugging Face.
 *
 * @throws ModelError `card-invalid` if they are for something that this platform does not do
 */
export function draftHuggingFaceCard(
  file: OnnxDescription,
  config: unknown,
  preprocessor: unknown,
): CardDraft {
  const parsed = z
    .object({ config: configSchema, preprocessor: preprocessorSchema })
    .safeParse({ config, preprocessor });
  if (!parsed.success)
    throw invalid(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
  const { config: model, preprocessor: steps } = parsed.data;
  if (steps.resample !== BILINEAR) {
    throw invalid(
      `resample ${steps.resample} is not bilinear (2): write model.json by hand if bilinear is near enough`,
    );
  }
  const [input] = file.inputs;
  const [output] = file.outputs;
  if (!input || !output) throw invalid('the model has no input or no output');
  const edge =
    typeof steps.size === 'object' && 'shortest_edge' in steps.size ? steps.size.shortest_edge : undefined;
  const target = sides((steps.do_center_crop ? steps.crop_size : undefined) ?? steps.size);
  const height = input.shape?.[2] ?? target?.height;
  const width = input.shape?.[3] ?? target?.width;
  if (!height || !width) throw invalid('no image size: preprocessor_config.json needs size');
  const names = Object.entries(model.id2label)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name);
  return {
    schema: 1,
    input: {
      name: input.name,
      layout: 'NCHW',
      dtype: input.dtype as CardDraft['input']['dtype'],
      height,
      width,
      color: 'RGB',
      batch: input.shape?.[0] ?? 'dynamic',
    },
    preprocess: {
      geometry: edge ? 'shorter-side-centre-crop' : 'stretch',
      resample: 'pil-bilinear',
      ...(edge && { shorterSide: edge }),
      rescale: steps.do_rescale ? steps.rescale_factor : 1,
      mean: steps.do_normalize ? steps.image_mean : [0, 0, 0],
      std: steps.do_normalize ? steps.image_std : [1, 1, 1],
    },
    output: { name: output.name, kind: 'logits' },
    labels: deriveLabels(names),
    licence: 'not stated',
    citation: 'not stated',
    source: `Hugging Face ${model._name_or_path ?? ''}`.trim(),
  };
}

function sides(of: z.output<typeof size> | undefined): { height: number; width: number } | undefined {
  if (typeof of === 'number') return { height: of, width: of };
  if (of && 'shortest_edge' in of) return { height: of.shortest_edge, width: of.shortest_edge };
  return of;
}

function invalid(what: string): ModelError {
  return new ModelError('card-invalid', `the files of Hugging Face beside the model: ${what}`);
}
