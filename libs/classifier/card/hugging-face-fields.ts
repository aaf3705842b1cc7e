import type { ModelCard } from './card.js';
import type { ModelError } from './model-error.js';

export type Fields = Readonly<Record<string, unknown>>;
type Resample = ModelCard['preprocess']['resample'];
type Channels = readonly [number, number, number];

/** They decide nothing about the pixels of a picture that is classified. */
const HARMLESS: ReadonlySet<string> = new Set([
  // Of transformers: names, devices, forms of arrays, masks of segmentation.
  '_name_or_path',
  '_processor_class',
  '_valid_processor_keys',
  'auto_map',
  'device',
  'disable_grouping',
  'do_convert_rgb',
  'do_reduce_labels',
  'feature_extractor_type',
  'image_processor_type',
  'image_seq_length',
  'input_data_format',
  'num_channels',
  'num_labels',
  'processor_class',
  'reduce_labels',
  'return_tensors',
  'transformers_version',
  'use_fast',
  // Of timm: where the weights come from, and which layers they are of.
  'architecture',
  'classifier',
  'custom_load',
  'file',
  'first_conv',
  'fixed_input_size',
  'hf_hub_filename',
  'hf_hub_id',
  'license',
  'min_input_size',
  'notes',
  'num_classes',
  'origin_url',
  'paper_ids',
  'paper_name',
  'pool_size',
  'source',
  'state_dict',
  'tag',
  'test_crop_pct',
  'test_input_size',
  'url',
  'label_names',
  'label_descriptions',
]);
/** What goes with a step that nobody does here: without effect where the step is off. */
const OF_STEPS: Readonly<Record<string, string>> = {
  pad_size: 'do_pad',
  pad_mode: 'do_pad',
  constant_values: 'do_pad',
  size_divisor: 'do_pad',
  size_divisibility: 'do_pad',
  mask_pad_size: 'do_pad',
  clusters: 'do_color_quantize',
  ensure_multiple_of: 'keep_aspect_ratio',
  ocr_lang: 'apply_ocr',
  tesseract_config: 'apply_ocr',
};

/** PIL's numbers. */
const RESAMPLES: readonly Resample[] = [
  'pil-nearest',
  'pil-lanczos',
  'pil-bilinear',
  'pil-bicubic',
  'pil-box',
  'pil-hamming',
];

/** What the classes of transformers do beyond their fields, and what they take for granted. */
interface Processor {
  readonly kind: 'generic' | 'plain' | 'convnext' | 'efficientnet' | 'levit' | 'mobilevit';
  readonly cropsCentre: boolean;
  /** Undefined = a size that is one number is not understood. */
  readonly squareByDefault: boolean | undefined;
}
const plain = (cropsCentre: boolean, squareByDefault: boolean): Processor => ({
  kind: 'plain',
  cropsCentre,
  squareByDefault,
});
const PROCESSORS: Readonly<Record<string, Processor>> = {
  vit: plain(false, true),
  deit: plain(true, true),
  beit: plain(false, true),
  dpt: plain(false, true),
  segformer: plain(false, true),
  siglip: plain(false, true),
  clip: plain(true, false),
  chineseclip: plain(true, false),
  bit: plain(true, false),
  mobilenetv1: plain(true, false),
  mobilenetv2: plain(true, false),
  mobilevit: { ...plain(true, false), kind: 'mobilevit' },
  levit: { ...plain(true, false), kind: 'levit' },
  efficientnet: { ...plain(false, true), kind: 'efficientnet' },
  convnext: { ...plain(false, false), kind: 'convnext' },
};

/** Reads the fields of a processor, and knows in the end which of them nobody has read. `null` is "not set". */
export class PreprocessorFields {
  private readonly read = new Set<string>();
  private found: { height: number; width: number; field: string } | undefined;

  constructor(
    private readonly fields: Fields,
    readonly isTimm: boolean,
    private readonly refused: (what: string) => ModelError,
  ) {}

  /** The classes that end with Fast work on tensors of torchvision. */
  get isFast(): boolean {
    return /Fast$/.test(this.type ?? '');
  }

  /** What the steps make of a picture. */
  get result(): { readonly height: number; readonly width: number; readonly field: string } {
    if (!this.found) throw this.refused('size: is needed');
    return this.found;
  }

  setResult({ height, width }: { readonly height: number; readonly width: number }, field: string): void {
    this.found = { height, width, field };
  }

  processor(): Processor {
    const { type } = this;
    if (type === undefined) return { kind: 'generic', cropsCentre: false, squareByDefault: undefined };
    const name = type.replace(/(?:ImageProcessor(?:Fast|Pil)?|FeatureExtractor)$/, '').toLowerCase();
    const known = PROCESSORS[name];
    if (!known)
      throw this.refused(
        `image_processor_type ${type} is not known; these are: ${Object.keys(PROCESSORS).join(', ')}`,
      );
    return known;
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  ignore(...names: readonly string[]): void {
    for (const name of names) this.read.add(name);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrong(name, 'text');
  }

  /**
   * A step that is there and `null` is not done; one that is left out is done as the class does it.
   *
   * @param byDefault undefined = it cannot be left out where it matters
   */
  flag<T extends boolean | undefined>(name: string, byDefault: T): boolean | T {
    const value = this.value(name);
    if (typeof value === 'boolean') return value;
    if (value !== undefined) throw this.wrong(name, 'true or false');
    const isNull = name.startsWith('do_') && this.fields[name] === null;
    return isNull ? false : byDefault;
  }

  positive(name: string, byDefault: number): number {
    const value = this.value(name) ?? byDefault;
    if (typeof value === 'number' && value > 0) return value;
    throw this.wrong(name, 'a number greater than 0');
  }

  channels(name: string): Channels {
    const value = this.value(name);
    const list = typeof value === 'number' ? [value, value, value] : value;
    if (Array.isArray(list) && list.length === 3 && list.every((each) => typeof each === 'number'))
      return list as unknown as Channels;
    throw this.wrong(name, 'three numbers, for red, green and blue');
  }

  size(
    name: string,
    isSquare: boolean | undefined,
  ): { readonly height: number; readonly width: number } | { readonly shortestEdge: number } {
    const value = this.value(name);
    const isSide = (side: unknown): side is number => Number.isInteger(side) && (side as number) > 0;
    if (isSide(value)) {
      if (isSquare === undefined)
        throw this.wrong(
          name,
          '{"height": …, "width": …} or {"shortest_edge": …}, since the type of processor is not said',
        );
      return isSquare ? { height: value, width: value } : { shortestEdge: value };
    }
    if (Array.isArray(value) && value.length === 2 && value.every(isSide))
      return { height: value[0] as number, width: value[1] as number };
    if (typeof value === 'object' && value !== null) {
      const set = Object.fromEntries(Object.entries(value).filter(([, side]) => side !== null));
      const keys = Object.keys(set).sort().join();
      if (keys === 'height,width' && isSide(set['height']) && isSide(set['width']))
        return { height: set['height'], width: set['width'] };
      if (keys === 'shortest_edge' && isSide(set['shortest_edge']))
        return { shortestEdge: set['shortest_edge'] };
      throw this.wrong(name, `{"height": …, "width": …} or {"shortest_edge": …}, and has ${keys}`);
    }
    throw this.wrong(name, '{"height": …, "width": …} or {"shortest_edge": …}');
  }

  resample(): Resample {
    const value = this.value('resample');
    if (value === undefined) throw this.wrong('resample', `a number of PIL, such as 2 for bilinear`);
    const known = typeof value === 'number' ? RESAMPLES[value] : undefined;
    if (known) return known;
    throw this.wrong('resample', 'a number of PIL, 0 to 5');
  }

  interpolation(): Resample {
    const name = this.text('interpolation') ?? 'bilinear';
    const known = RESAMPLES.find((each) => each === `pil-${name}`);
    if (known) return known;
    throw this.wrong('interpolation', 'nearest, bilinear, bicubic, lanczos, box or hamming');
  }

  timmSize(): { readonly height: number; readonly width: number } {
    const value = this.value('input_size');
    if (
      Array.isArray(value) &&
      value.length === 3 &&
      value[0] === 3 &&
      value.every((side) => Number.isInteger(side))
    )
      return { height: value[1] as number, width: value[2] as number };
    throw this.wrong('input_size', '[3, height, width]');
  }

  /** @throws where a field was not read that may decide about pixels */
  refuseOthers(): void {
    for (const [name, value] of Object.entries(this.fields)) {
      if (this.read.has(name) || HARMLESS.has(name) || value === null || value === false) continue;
      const step = OF_STEPS[name];
      if (step !== undefined && !this.fields[step]) continue;
      throw this.refused(`${name}: this step is not done here, or not known`);
    }
  }

  private get type(): string | undefined {
    return this.text('image_processor_type') ?? this.text('feature_extractor_type');
  }

  private value(name: string): unknown {
    this.read.add(name);
    return this.fields[name] ?? undefined;
  }

  private wrong(name: string, right: string): ModelError {
    const value = this.fields[name];
    const said = value === undefined || value === null ? 'is not set' : `is ${JSON.stringify(value)}`;
    return this.refused(`${name} ${said}: must be ${right}`);
  }
}
