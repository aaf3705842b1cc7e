import { z } from 'zod';
import type { OnnxDescription, Port } from '../optimise/graph.js';
import type { ModelCard } from './card.js';
import type { CardDraft } from './card-from-yolo.js';
import { deriveLabels } from './derive-label.js';
import { type Fields, PreprocessorFields } from './hugging-face-fields.js';
import { ModelError } from './model-error.js';

const configSchema = z.looseObject({
  id2label: z.record(z.string(), z.string()).nullish(),
  label_names: z.array(z.string()).nullish(),
  _name_or_path: z.string().nullish(),
  problem_type: z.string().nullish(),
  pretrained_cfg: z.record(z.string(), z.unknown()).nullish(),
});

type Preprocess = CardDraft['preprocess'] & { readonly color: ModelCard['input']['color'] };

/**
 * Drafts a card from the config.json and preprocessor_config.json that lie beside a model of Hugging Face; models of timm
 * have the first only. `null` means "not set". Every field that decides about pixels is done exactly, or refused.
 *
 * @throws ModelError `card-invalid`, naming the field, if they are for something that this platform does not do
 */
export function draftHuggingFaceCard(
  file: OnnxDescription,
  config: unknown,
  preprocessor: unknown,
): CardDraft {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success)
    throw refused(parsed.error.issues.map((i) => `config.${i.path.join('.')}: ${i.message}`).join('; '));
  const model = parsed.data;
  if (model.problem_type === 'multi_label_classification')
    throw refused(
      'problem_type multi_label_classification: a model with one label for each picture is needed',
    );
  const [input] = file.inputs;
  const [output] = file.outputs;
  if (!input || !output) throw refused('the model has no input or no output');
  const steps = fieldsOf(preprocessor, model.pretrained_cfg ?? undefined);
  const layout = layoutOf(input, steps.text('data_format'));
  const { color, ...preprocess } = steps.isTimm ? timmSteps(steps) : imageSteps(steps);
  const { height, width } = inputSize(input, layout, steps);
  steps.refuseOthers();
  return {
    schema: 1,
    input: {
      name: input.name,
      layout,
      dtype: input.dtype as CardDraft['input']['dtype'],
      height,
      width,
      color,
      batch: input.shape?.[0] ?? 'dynamic',
    },
    preprocess,
    output: { name: output.name, kind: 'logits' },
    labels: deriveLabels(labelsOf(model)),
    licence: 'not stated',
    citation: 'not stated',
    source: `Hugging Face ${model._name_or_path ?? ''}`.trim(),
  };
}

function fieldsOf(preprocessor: unknown, timm: Fields | undefined): PreprocessorFields {
  const own = z.record(z.string(), z.unknown()).safeParse(preprocessor ?? {});
  if (!own.success) throw refused('preprocessor_config.json must hold one object');
  const inside = z.record(z.string(), z.unknown()).safeParse(own.data['pretrained_cfg']);
  const cfg = inside.success ? inside.data : preprocessor === undefined ? timm : undefined;
  return new PreprocessorFields(cfg ?? own.data, cfg !== undefined, refused);
}

function labelsOf({ id2label, label_names: names }: z.output<typeof configSchema>): readonly string[] {
  if (!id2label) {
    if (names?.length) return names;
    throw refused('id2label: is needed, the names of the classes');
  }
  const entries = Object.entries(id2label).sort(([a], [b]) => Number(a) - Number(b));
  if (entries.some(([key], at) => Number(key) !== at))
    throw refused(`id2label: its keys must be 0 to ${entries.length - 1}, one for each number of the output`);
  return entries.map(([, name]) => name);
}

function layoutOf({ shape }: Port, dataFormat: string | undefined): 'NCHW' | 'NHWC' {
  const told = { channels_first: 'NCHW', channels_last: 'NHWC' } as const;
  if (dataFormat !== undefined && !(dataFormat in told))
    throw refused(`data_format "${dataFormat}": channels_first or channels_last is needed`);
  const said = told[(dataFormat ?? 'channels_first') as keyof typeof told];
  const found = shape?.[1] === 3 ? 'NCHW' : shape?.[3] === 3 ? 'NHWC' : said;
  if (dataFormat !== undefined && found !== said)
    throw refused(`data_format "${dataFormat}": the input of the model file is ${found}`);
  return found;
}

function inputSize(input: Port, layout: 'NCHW' | 'NHWC', steps: PreprocessorFields) {
  const [fileHeight, fileWidth] =
    layout === 'NCHW' ? [input.shape?.[2], input.shape?.[3]] : [input.shape?.[1], input.shape?.[2]];
  const { height, width, field } = steps.result;
  if ((fileHeight ?? height) !== height || (fileWidth ?? width) !== width)
    throw refused(
      `${field} gives pictures of ${width} × ${height}, and the input of the model is ${fileWidth} × ${fileHeight}`,
    );
  return { height, width };
}

/** The image processors of transformers: resize, crop, rescale, normalise, turn the channels round, in this order. */
function imageSteps(steps: PreprocessorFields): Preprocess {
  const type = steps.processor();
  if (!steps.flag('do_resize', true))
    throw refused('do_resize is off: the crops of traps have any size, and have to be resized');
  const resample = steps.resample();
  const cropsCentre = steps.flag('do_center_crop', type.cropsCentre);
  const size = steps.size('size', steps.flag('default_to_square', type.squareByDefault));
  const fit = fitOf(steps, type.kind, size, cropsCentre);
  const rescale = steps.flag('do_rescale', true) ? steps.positive('rescale_factor', 1 / 255) : 1;
  steps.ignore('rescale_factor');
  const hasOffset = steps.flag('rescale_offset', false);
  const normalises =
    type.kind !== 'mobilevit' &&
    steps.flag('do_normalize', steps.has('image_mean') || type.kind !== 'generic');
  const mean = normalises ? steps.channels('image_mean') : ([0, 0, 0] as const);
  const std = normalises ? steps.channels('image_std') : ([1, 1, 1] as const);
  if (type.kind === 'mobilevit') steps.ignore('do_normalize', 'image_mean', 'image_std');
  else if (!normalises) steps.ignore('image_mean', 'image_std');
  const isBgr = steps.flag('do_flip_channel_order', type.kind === 'mobilevit');
  if (isBgr && normalises && (mean[0] !== mean[2] || std[0] !== std[2]))
    throw refused(
      'do_flip_channel_order with image_mean and image_std that differ between red and blue: which order they are in is not said',
    );
  // EfficientNet divides by its deviation once more, for classification.
  const isTwice = steps.flag('include_top', type.kind === 'efficientnet');
  if (isTwice && (type.kind !== 'efficientnet' || !normalises))
    throw refused('include_top: is known of EfficientNet with do_normalize only');
  const centre = hasOffset ? 127.5 * rescale : 0;
  return {
    ...fit,
    resample,
    rescale,
    mean: [mean[0] + centre, mean[1] + centre, mean[2] + centre],
    std: isTwice ? [std[0] ** 2, std[1] ** 2, std[2] ** 2] : [...std],
    color: isBgr ? 'BGR' : 'RGB',
  };
}

type Size = ReturnType<PreprocessorFields['size']>;
type Geometry = Pick<CardDraft['preprocess'], 'geometry' | 'shorterSide' | 'cropOffset'>;

function fitOf(steps: PreprocessorFields, kind: string, size: Size, cropsCentre: boolean): Geometry {
  const cropOffset = steps.isFast ? 'round-half-even' : 'floor';
  if (kind === 'convnext') {
    if ('height' in size) throw refused('size: this processor needs {"shortest_edge": …}');
    const side = size.shortestEdge;
    const share = steps.positive('crop_pct', 224 / 256);
    steps.setResult({ height: side, width: side }, 'size');
    // Larger pictures are squashed, and never cut.
    if (side >= 384) return { geometry: 'stretch' };
    return { geometry: 'shorter-side-centre-crop', shorterSide: Math.trunc(side / share), cropOffset };
  }
  if (!cropsCentre) {
    steps.ignore('crop_size');
    if (!('height' in size))
      throw refused(
        'size.shortest_edge without do_center_crop: pictures keep their aspect, and fit no input of one size',
      );
    steps.setResult(size, 'size');
    return { geometry: 'stretch' };
  }
  const crop = steps.size('crop_size', true);
  if (!('height' in crop)) throw refused('crop_size: {"height": …, "width": …} is needed');
  steps.setResult(crop, 'crop_size');
  if (!('height' in size)) {
    const shorterSide = kind === 'levit' ? Math.trunc((256 / 224) * size.shortestEdge) : size.shortestEdge;
    if (shorterSide < Math.max(crop.height, crop.width))
      throw refused(
        `crop_size is larger than size (${shorterSide}): pictures would be padded, which is not done here`,
      );
    return { geometry: 'shorter-side-centre-crop', shorterSide, cropOffset };
  }
  if (size.height === crop.height && size.width === crop.width) return { geometry: 'stretch' };
  if (size.height !== size.width)
    throw refused(
      `size ${size.height} × ${size.width} with another crop_size: only equal sides are done here`,
    );
  if (size.height < Math.max(crop.height, crop.width))
    throw refused(
      `crop_size is larger than size (${size.height}): pictures would be padded, which is not done here`,
    );
  return { geometry: 'stretch-centre-crop', shorterSide: size.height, cropOffset };
}

/** timm's own evaluation: resized so that `crop_pct` of it is the input, then cut out of the middle. */
function timmSteps(steps: PreprocessorFields): Preprocess {
  const { height, width } = steps.timmSize();
  if (height !== width) throw refused(`input_size ${height} × ${width}: only equal sides are done here`);
  steps.setResult({ height, width }, 'input_size');
  const mode = steps.text('crop_mode') ?? 'center';
  if (mode !== 'center' && mode !== 'squash')
    throw refused(`crop_mode "${mode}": center or squash is needed`);
  const shorterSide = Math.floor(height / steps.positive('crop_pct', 0.875));
  return {
    geometry: mode === 'squash' ? 'stretch-centre-crop' : 'shorter-side-centre-crop',
    shorterSide,
    resample: steps.interpolation(),
    rescale: 1 / 255,
    mean: [...steps.channels('mean')],
    std: [...steps.channels('std')],
    color: 'RGB',
  };
}

function refused(what: string): ModelError {
  return new ModelError(
    'card-invalid',
    `the files of Hugging Face beside the model: ${what}. If you know better, write model.json by hand`,
  );
}
