import { describe, expect, it } from '@jest/globals';
import { fitImage } from '../pixels/fit.js';
import { arithmetic } from '../session/tensor.js';
import { draftHuggingFaceCard } from './card-from-hugging-face.js';

const config = { id2label: { 0: 'ant', 1: 'bee' }, model_type: 'vit' };
const file = (height?: number, width = height, nhwc = false) => ({
  inputs: [
    {
      name: 'pixel_values',
      dtype: 'float32',
      shape: nhwc ? [undefined, height, width, 3] : [undefined, 3, height, width],
    },
  ],
  outputs: [{ name: 'logits', dtype: 'float32', shape: [undefined, 2] }],
  metadata: new Map<string, string>(),
});
const draft = (steps: object | undefined, model: object = config, onnx = file()) =>
  draftHuggingFaceCard(onnx as never, model, steps);
const refusal = (steps: object, model: object = config, onnx = file()): string => {
  try {
    draft(steps, model, onnx);
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  }
  return 'not refused';
};
const VIT = {
  image_processor_type: 'ViTImageProcessor',
  do_resize: true,
  size: { height: 8, width: 8 },
  resample: 2,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.5, 0.4, 0.3],
  image_std: [0.5, 0.25, 0.2],
};
const MOBILEVIT = {
  image_processor_type: 'MobileViTImageProcessor',
  do_resize: true,
  size: { shortest_edge: 10 },
  resample: 2,
  do_center_crop: true,
  crop_size: { height: 8, width: 8 },
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_flip_channel_order: true,
};

/** The numbers of one pixel, as the model gets them. */
function numbers(steps: object, rgb: readonly [number, number, number]): number[] {
  const { input, preprocess } = draft(steps);
  const picture = {
    width: 12,
    height: 12,
    pixels: Uint8Array.from({ length: 432 }, (_, at) => rgb[at % 3] as number),
  };
  const into = new Uint8Array(input.height * input.width * 3);
  fitImage(picture, input, preprocess as never, into);
  const { scale, shift } = arithmetic(preprocess as never);
  return [0, 1, 2].map((c) => (into[c] as number) * (scale[c] as number) + (shift[c] as number));
}

describe('the numbers that a model gets', () => {
  it('are rescaled and normalised per channel', () => {
    const expected = [(200 / 255 - 0.5) / 0.5, (100 / 255 - 0.4) / 0.25, (50 / 255 - 0.3) / 0.2];
    for (const [at, value] of numbers(VIT, [200, 100, 50]).entries())
      expect(value).toBeCloseTo(expected[at] as number, 6);
  });

  it('stand in the order blue, green, red where the processor turns the channels round', () => {
    const expected = [50 / 255, 100 / 255, 200 / 255];
    for (const [at, value] of numbers(MOBILEVIT, [200, 100, 50]).entries())
      expect(value).toBeCloseTo(expected[at] as number, 6);
    const { do_flip_channel_order: _, ...byDefault } = MOBILEVIT;
    expect(draft(byDefault).input.color).toBe('BGR');
    expect(draft({ ...MOBILEVIT, do_flip_channel_order: false }).input.color).toBe('RGB');
  });

  it('are shifted by the offset of EfficientNet, and divided by its deviation twice', () => {
    const steps = {
      ...VIT,
      image_processor_type: 'EfficientNetImageProcessor',
      rescale_factor: 1 / 127.5,
      rescale_offset: true,
      include_top: true,
    };
    const once = ([200, 100, 50] as const).map(
      (value, c) => ((value - 127.5) / 127.5 - (VIT.image_mean[c] as number)) / (VIT.image_std[c] as number),
    );
    const got = numbers(steps, [200, 100, 50]);
    for (const [at, value] of got.entries())
      expect(value).toBeCloseTo((once[at] as number) / (VIT.image_std[at] as number), 4);
  });
});

describe('the fields of image processors', () => {
  it('are not set where they are null', () => {
    const nulls = {
      crop_size: null,
      do_center_crop: null,
      do_convert_rgb: null,
      input_data_format: null,
      device: null,
      return_tensors: null,
      do_pad: null,
      pad_size: null,
      data_format: 'channels_first',
      default_to_square: true,
    };
    expect(draft({ ...VIT, ...nulls, image_processor_type: 'ViTImageProcessorFast' }).preprocess).toEqual(
      draft(VIT).preprocess,
    );
  });

  it.each<[string, object, object]>([
    ['a squashed one', VIT, { geometry: 'stretch', resample: 'pil-bilinear' }],
    [
      'shorter side and centre',
      MOBILEVIT,
      { geometry: 'shorter-side-centre-crop', shorterSide: 10, cropOffset: 'floor' },
    ],
    [
      'that of torchvision',
      { ...MOBILEVIT, image_processor_type: 'MobileViTImageProcessorFast' },
      { cropOffset: 'round-half-even' },
    ],
    [
      'squashed, then the centre',
      {
        ...VIT,
        image_processor_type: 'DeiTImageProcessor',
        size: { height: 10, width: 10 },
        do_center_crop: true,
        crop_size: { height: 8, width: 8 },
        resample: 3,
      },
      { geometry: 'stretch-centre-crop', shorterSide: 10, resample: 'pil-bicubic' },
    ],
    [
      'ConvNeXT, small',
      {
        ...VIT,
        image_processor_type: 'ConvNextImageProcessor',
        size: { shortest_edge: 224 },
        crop_pct: null,
      },
      { geometry: 'shorter-side-centre-crop', shorterSide: 256 },
    ],
    [
      'ConvNeXT, large',
      { ...VIT, image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 } },
      { geometry: 'stretch' },
    ],
    [
      'LeViT',
      {
        ...VIT,
        image_processor_type: 'LevitImageProcessor',
        size: { shortest_edge: 224 },
        do_center_crop: true,
        crop_size: { height: 224, width: 224 },
      },
      { shorterSide: 256 },
    ],
    [
      'CLIP of the old form',
      {
        ...VIT,
        image_processor_type: undefined,
        feature_extractor_type: 'CLIPFeatureExtractor',
        size: 10,
        do_center_crop: true,
        crop_size: 8,
      },
      { geometry: 'shorter-side-centre-crop', shorterSide: 10 },
    ],
    [
      'ViT of the old form',
      { ...VIT, image_processor_type: undefined, feature_extractor_type: 'ViTFeatureExtractor', size: 8 },
      { geometry: 'stretch' },
    ],
    [
      'EfficientNet, nearest',
      { ...VIT, image_processor_type: 'EfficientNetImageProcessor', resample: 0, include_top: false },
      { resample: 'pil-nearest' },
    ],
    ['one without rescaling', { ...VIT, do_rescale: false }, { rescale: 1 }],
  ])('are done: %s', (_, steps, preprocess) => expect(draft(steps).preprocess).toMatchObject(preprocess));

  it.each<[string, object]>([
    ['do_pad', { do_pad: true, pad_size: { height: 9, width: 9 } }],
    ['do_color_quantize', { do_color_quantize: true }],
    ['size', { size: { longest_edge: 8 } }],
    ['size', { size: { shortest_edge: 8, longest_edge: 9 } }],
    ['size', { size: { max_height: 8, max_width: 8 } }],
    ['size', { size: null }],
    ['size', { size: 8, image_processor_type: undefined }],
    ['size.shortest_edge without do_center_crop', { size: { shortest_edge: 8 } }],
    ['crop_size', { size: { shortest_edge: 8 }, do_center_crop: true, crop_size: { height: 9, width: 9 } }],
    ['resample', { resample: 9 }],
    ['resample', { resample: undefined }],
    ['do_resize', { do_resize: false }],
    ['image_mean', { image_mean: null }],
    ['image_std', { image_std: [1, 2] }],
    ['do_flip_channel_order', { do_flip_channel_order: true }],
    ['include_top', { include_top: true }],
    ['keep_aspect_ratio', { keep_aspect_ratio: true, ensure_multiple_of: 32 }],
    ['size_divisor', { size_divisor: 32, do_pad: true }],
    ['offset', { offset: true }],
    ['data_format', { data_format: 'channels_middle' }],
    ['image_processor_type', { image_processor_type: 'DonutImageProcessor' }],
    ['do_sharpen', { do_sharpen: true }],
    ['gamma', { gamma: 2.2 }],
  ])('are refused by name: %s', (name, change) => {
    expect(refusal({ ...VIT, ...change })).toMatch(
      new RegExp(`^card-invalid .*${name.replaceAll('.', '\\.')}`),
    );
  });

  it('are held against the model file', () => {
    expect(refusal(VIT, config, file(16))).toContain(
      'size gives pictures of 8 × 8, and the input of the model is 16 × 16',
    );
    expect(refusal({ ...VIT, data_format: 'channels_last' }, config, file(8))).toContain('data_format');
    expect(draft(VIT, config, file(8, 8, true)).input.layout).toBe('NHWC');
    expect(refusal(VIT, { ...config, problem_type: 'multi_label_classification' })).toContain('problem_type');
    expect(refusal(VIT, { id2label: { 0: 'a', 2: 'b' } })).toContain('id2label');
  });
});

describe('the configuration of timm', () => {
  const cfg = {
    input_size: [3, 224, 224],
    interpolation: 'bicubic',
    crop_pct: 0.9,
    crop_mode: 'center',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    first_conv: 'stem',
    fixed_input_size: true,
  };
  const model = { ...config, pretrained_cfg: cfg };

  it('is done as timm evaluates', () => {
    expect(draft(undefined, model, file(224)).preprocess).toEqual({
      geometry: 'shorter-side-centre-crop',
      shorterSide: 248,
      resample: 'pil-bicubic',
      rescale: 1 / 255,
      mean: cfg.mean,
      std: cfg.std,
    });
    expect(
      draft(undefined, { ...model, pretrained_cfg: { ...cfg, crop_mode: 'squash', crop_pct: 1 } }).preprocess,
    ).toMatchObject({ geometry: 'stretch-centre-crop', shorterSide: 224 });
  });

  it.each([
    ['crop_mode', 'border'],
    ['interpolation', 'random'],
    ['input_size', [1, 28, 28]],
    ['mean', null],
    ['flip', true],
  ])('is refused by name: %s', (name, value) => {
    expect(refusal(undefined as never, { ...model, pretrained_cfg: { ...cfg, [name]: value } })).toContain(
      `${name}`,
    );
  });
});
