import type { z } from 'zod';
import type { OnnxDescription } from '../optimise/graph.js';
import type { cardSchema } from './card.js';
import { deriveLabels } from './derive-label.js';
import { ModelError } from './model-error.js';
import { parseNames } from './python-dict.js';

/** A card as it is written, without the file and its names: what can be known from the model alone. */
export type CardDraft = Omit<z.input<typeof cardSchema>, 'file' | 'id' | 'version'>;

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/**
 * Drafts a card from what YOLO's export notes in the file. YOLOv5 gives logits and expects ImageNet's mean and
 * standard deviation; Ultralytics 8 and later note their version, end in a softmax, and expect plain 0 to 1.
 * YOLOv5 forks that squash instead of cropping (insect-detect) say so nowhere: set `preprocess.geometry` to
 * `stretch` in the card then.
 *
 * @returns `undefined` if the file has no `names`
 * @throws ModelError `card-invalid` if there are names, but the file is not a classifier
 */
export function draftYoloCard({ inputs, outputs, metadata }: OnnxDescription): CardDraft | undefined {
  const text = metadata.get('names');
  const names = text === undefined ? undefined : parseNames(text);
  if (!names) return undefined;
  const [input] = inputs;
  const [output] = outputs;
  const task = metadata.get('task') ?? 'classify';
  if (!input || !output || task !== 'classify' || (output.shape && output.shape.length !== 2)) {
    throw new ModelError('card-invalid', `this YOLO export is for "${task}": a classifier is needed (-cls)`);
  }
  const channels = metadata.get('channels');
  if (channels !== undefined && channels !== '3')
    throw new ModelError('card-invalid', `this YOLO export has channels: ${channels}; 3 (RGB) are needed`);
  const isUltralytics = metadata.has('author') || metadata.has('version');
  const size = metadata.get('imgsz')?.match(/\d+/g)?.map(Number) ?? [];
  const height = input.shape?.[2] ?? size[0];
  const width = input.shape?.[3] ?? size[1] ?? size[0];
  if (!height || !width)
    throw new ModelError('card-invalid', 'the file says no image size: export it with imgsz');
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
      geometry: isUltralytics ? 'shorter-side-centre-crop' : 'centre-crop',
      resample: isUltralytics ? 'pil-bilinear' : 'cv2-linear',
      rescale: 1 / 255,
      mean: isUltralytics ? [0, 0, 0] : [...IMAGENET.mean],
      std: isUltralytics ? [1, 1, 1] : [...IMAGENET.std],
    },
    output: { name: output.name, kind: isUltralytics ? 'probabilities' : 'logits' },
    labels: deriveLabels(names),
    licence: metadata.get('license') ?? 'not stated',
    citation: metadata.get('description') ?? 'not stated',
    source: isUltralytics ? `Ultralytics ${metadata.get('version') ?? ''}`.trim() : 'YOLOv5 export',
  };
}
