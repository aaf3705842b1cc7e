import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Tensor } from 'onnxruntime-node';
import { type Field, type TestOperator, type TestTensor, writeTflite } from '../fixture/tflite-file.js';
import { noise } from '../optimise/same-answers.js';
import { load } from '../session/load-session.js';
import { CONVERTED_INPUT, CONVERTED_OUTPUT, tfliteToOnnx } from './tflite-to-onnx.js';

const shared = process.env['TRAPLINE_SHARED'] ?? '';
const real = join(shared, 'models/inat-insects-with-bias');
const isThere = shared !== '' && existsSync(join(real, 'model.onnx'));

const [ADD, AVERAGE_POOL_2D, CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE, FULLY_CONNECTED] = [
  0, 1, 3, 4, 6, 9,
] as const;
const [LOGISTIC, RESHAPE, SOFTMAX, PAD, MEAN, QUANTIZE] = [14, 22, 25, 34, 40, 114] as const;
const [SAME, VALID] = [0, 1] as const;
const RELU6 = 3;

const random = (count: number, seed: number): Float32Array => {
  const next = noise(seed);
  return Float32Array.from({ length: count }, () => next() / 2 ** 31 - 1);
};
const conv = (padding: number, stride: number, activation = 0): Field[] => [
  { int8: padding },
  { int32: stride },
  { int32: stride },
  { int8: activation },
];
const depthwise = (padding: number, stride: number, multiplier: number): Field[] => [
  ...conv(padding, stride).slice(0, 3),
  { int32: multiplier },
  { int8: 0 },
];

const numbersOf = (tensor: Tensor | undefined): number[] =>
  Array.from((tensor as Tensor).data as Float32Array);

/** Images of 5 × 5 through a converted model: `batch` of them, all different. */
async function run(
  file: Uint8Array,
  values: ArrayLike<number>,
  type: 'float32' | 'uint8' = 'float32',
  side = 5,
) {
  const session = await load(tfliteToOnnx(file).bytes);
  const count = values.length / (side * side * 3);
  const data = type === 'uint8' ? Uint8Array.from(values) : Float32Array.from(values);
  const results = await session.run({ [CONVERTED_INPUT]: new Tensor(type, data, [count, side, side, 3]) });
  await session.release();
  return numbersOf(results[CONVERTED_OUTPUT]);
}

/** What TensorFlow computes for one image [height, width, channels] and weights [out, height, width, in]. */
function convolve(
  image: { readonly side: number; readonly channels: number; readonly values: ArrayLike<number> },
  weights: { readonly shape: readonly number[]; readonly values: ArrayLike<number> },
  { stride, padding, isDepthwise = false }: { stride: number; padding: number; isDepthwise?: boolean },
) {
  const { side, channels, values } = image;
  const [first = 0, kernel = 0, , last = 0] = weights.shape;
  const out = isDepthwise ? last : first;
  const size = padding === SAME ? Math.ceil(side / stride) : Math.floor((side - kernel) / stride) + 1;
  const before = padding === SAME ? Math.floor(Math.max(0, (size - 1) * stride + kernel - side) / 2) : 0;
  const result = new Float64Array(size * size * out);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let o = 0; o < out; o++)
        for (let ky = 0; ky < kernel; ky++)
          for (let kx = 0; kx < kernel; kx++) {
            const [py, px] = [y * stride + ky - before, x * stride + kx - before];
            if (py < 0 || px < 0 || py >= side || px >= side) continue;
            for (let c = 0; c < channels; c++) {
              if (isDepthwise && Math.floor((o * channels) / out) !== c) continue;
              const w = isDepthwise
                ? (ky * kernel + kx) * out + o
                : ((o * kernel + ky) * kernel + kx) * channels + c;
              const at = (y * size + x) * out + o;
              result[at] =
                (result[at] as number) +
                (values[(py * side + px) * channels + c] as number) * (weights.values[w] as number);
            }
          }
  return { side: size, channels: out, values: result };
}
const softmax = (values: readonly number[]): number[] => {
  const sum = values.reduce((total, value) => total + Math.exp(value), 0);
  return values.map((value) => Math.exp(value) / sum);
};
const expectClose = (found: readonly number[], expected: readonly number[], digits = 4): void => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, digits);
};

const image: TestTensor = { shape: [1, 5, 5, 3] };
const images = random(2 * 75, 5);
const each = (at: number) => ({ side: 5, channels: 3, values: images.subarray(at * 75, (at + 1) * 75) });

describe('a converted network', () => {
  it.each([
    [SAME, 1],
    [SAME, 2],
    [VALID, 1],
    [VALID, 2],
  ])('convolves as TensorFlow does: padding %i, stride %i', async (padding, stride) => {
    const weights = { shape: [4, 3, 3, 3], values: random(108, 1) };
    const deep = { shape: [1, 2, 2, 8], values: random(32, 2) };
    const file = writeTflite(
      [
        image,
        { shape: weights.shape, data: weights.values },
        { shape: [1, 9, 9, 4] },
        { shape: deep.shape, data: deep.values },
        { shape: [1, 9, 9, 8] },
        { shape: [2], type: 2, data: Int32Array.of(1, 2) },
        { shape: [1, 8] },
      ],
      [
        { code: CONV_2D, inputs: [0, 1], outputs: [2], options: conv(padding, stride) },
        { code: DEPTHWISE_CONV_2D, inputs: [2, 3, -1], outputs: [4], options: depthwise(SAME, 1, 2) },
        { code: MEAN, inputs: [4, 5], outputs: [6], options: [{ int8: 0 }] },
      ],
    );
    const expected = [0, 1].flatMap((at) => {
      const map = convolve(convolve(each(at), weights, { padding, stride }), deep, {
        padding: SAME,
        stride: 1,
        isDepthwise: true,
      });
      return Array.from(
        { length: 8 },
        (_, c) => map.values.filter((__, i) => i % 8 === c).reduce((a, b) => a + b, 0) / map.side ** 2,
      );
    });
    expectClose(await run(file, images), expected);
  });

  it('pads, reshapes, averages, adds and connects in the order of TensorFlow', async () => {
    const dense = random(3 * 27, 3);
    const bias = Float32Array.of(0.1, -0.2, 0.3);
    const shift = Float32Array.of(1, 2, 3);
    const file = writeTflite(
      [
        image,
        { shape: [4, 2], type: 2, data: Int32Array.of(0, 0, 1, 0, 0, 1, 0, 0) },
        { shape: [1, 6, 6, 3] },
        { shape: [1, 1, 1, 3], data: shift },
        { shape: [1, 6, 6, 3] },
        { shape: [1, 3, 3, 3] },
        { shape: [1, 27] },
        { shape: [3, 27], data: dense },
        { shape: [3], data: bias },
        { shape: [1, 3] },
        { shape: [1, 3] },
      ],
      [
        { code: PAD, inputs: [0, 1], outputs: [2] },
        { code: ADD, inputs: [2, 3], outputs: [4], options: [{ int8: 0 }] },
        {
          code: AVERAGE_POOL_2D,
          inputs: [4],
          outputs: [5],
          options: [{ int8: VALID }, { int32: 2 }, { int32: 2 }, { int32: 2 }, { int32: 2 }, { int8: 0 }],
        },
        { code: RESHAPE, inputs: [5], outputs: [6], options: [{ int32s: [1, 27] }] },
        { code: FULLY_CONNECTED, inputs: [6, 7, 8], outputs: [9], options: [{ int8: 0 }] },
        { code: LOGISTIC, inputs: [9], outputs: [10] },
      ],
    );
    const expected = [0, 1].flatMap((at) => {
      const { values } = each(at);
      const padded = (y: number, x: number, c: number): number =>
        (y < 1 || x > 4 ? 0 : (values[((y - 1) * 5 + x) * 3 + c] as number)) + (shift[c] as number);
      const flat: number[] = [];
      for (let y = 0; y < 6; y += 2)
        for (let x = 0; x < 6; x += 2)
          for (let c = 0; c < 3; c++)
            flat.push(
              (padded(y, x, c) + padded(y, x + 1, c) + padded(y + 1, x, c) + padded(y + 1, x + 1, c)) / 4,
            );
      return [0, 1, 2].map((o) => {
        const sum = flat.reduce(
          (total, value, i) => total + value * (dense[o * 27 + i] as number),
          bias[o] as number,
        );
        return 1 / (1 + Math.exp(-sum));
      });
    });
    expectClose(await run(file, images), expected);
    expect(tfliteToOnnx(file).output).toEqual({ labels: 3, kind: 'probabilities' });
  });

  it('computes with 8 bit weights and steps, per tensor and per channel', async () => {
    const weights = Uint8Array.from({ length: 2 * 27 }, (_, i) => (i * 37) % 256);
    const dense = Int8Array.from([100, -20, 30, -40]);
    const file = writeTflite(
      [
        { shape: [1, 3, 3, 3], type: 3, scale: [1 / 128], zeroPoint: [128] },
        { shape: [2, 3, 3, 3], type: 3, scale: [0.01], zeroPoint: [120], data: weights },
        { shape: [2], type: 2, scale: [0.01 / 128], data: Int32Array.of(20_000, 10_000) },
        { shape: [1, 1, 1, 2], type: 3, scale: [6 / 255], zeroPoint: [0] },
        { shape: [1, 1, 1, 2], type: 9, scale: [6 / 255], zeroPoint: [-128] },
        { shape: [2, 2], type: 9, scale: [0.02, 0.05], axis: 0, data: dense },
        { shape: [1, 2], type: 9, scale: [0.1], zeroPoint: [0] },
        { shape: [1, 2], type: 9, scale: [1 / 256], zeroPoint: [-128] },
        { shape: [1, 2] },
      ],
      [
        { code: CONV_2D, inputs: [0, 1, 2], outputs: [3], options: conv(VALID, 1, RELU6) },
        { code: QUANTIZE, inputs: [3], outputs: [4] },
        { code: FULLY_CONNECTED, inputs: [4, 5], outputs: [6] },
        { code: SOFTMAX, inputs: [6], outputs: [7], options: [{ float32: 1 }] },
        { code: DEQUANTIZE, inputs: [7], outputs: [8] },
      ],
    );
    const pixels = Array.from({ length: 27 }, (_, i) => (i * 91) % 256);
    const map = [0, 1].map((o) => {
      const sum = pixels.reduce(
        (total, pixel, i) => total + ((pixel - 128) / 128) * 0.01 * ((weights[o * 27 + i] as number) - 120),
        [20_000, 10_000].map((b) => (b * 0.01) / 128)[o] as number,
      );
      return Math.round(Math.min(Math.max(sum, 0), 6) / (6 / 255)) * (6 / 255);
    });
    const logits = [0, 1].map((o) => {
      const sum = map.reduce(
        (total, value, i) => total + value * (dense[o * 2 + i] as number) * ([0.02, 0.05][o] as number),
        0,
      );
      return Math.round(sum / 0.1) * 0.1;
    });
    const converted = tfliteToOnnx(file);
    expect(converted.input).toEqual({ dtype: 'uint8', height: 3, width: 3 });
    const found = await run(file, pixels, 'uint8', 3);
    const rounded = softmax(logits).map((value) => Math.min(255, Math.round(value * 256)) / 256);
    expectClose(found, rounded, 2);
    expect(found[0]).not.toBeCloseTo(0.5, 2);
  });

  (isThere ? it : it.skip)(
    'answers as the one that was converted by other means: inat-insects',
    async () => {
      const source = readFileSync(join(real, 'mobilenet_v2_1.0_224_inat_insect_quant.tflite'));
      const converted = tfliteToOnnx(source);
      expect(converted.output).toEqual({ labels: 1022, kind: 'probabilities' });
      expect(converted.bytes.length).toBeLessThan(4_000_000);
      const [ours, theirs] = [
        await load(converted.bytes),
        await load(readFileSync(join(real, 'model.onnx'))),
      ];
      const next = noise(9);
      for (let i = 0; i < 3; i++) {
        const pixels = Uint8Array.from(
          { length: 224 * 224 * 3 },
          (_, at) => (next() >>> 25) + ((at >> 12) % 128),
        );
        const feed = { [CONVERTED_INPUT]: new Tensor('uint8', pixels, [1, 224, 224, 3]) };
        const [a, b] = [await ours.run(feed), await theirs.run(feed)];
        expectClose(numbersOf(a[CONVERTED_OUTPUT]), numbersOf(b['prediction']), 3);
      }
      await Promise.all([ours.release(), theirs.release()]);
    },
    60_000,
  );
});

/** A small network with every kind of thing that a file can be broken in. */
const sound = (
  change: {
    tensors?: Record<number, Partial<TestTensor>>;
    operators?: Record<number, Partial<TestOperator>>;
    version?: number;
  } = {},
) => {
  const tensors: TestTensor[] = [
    { shape: [1, 4, 4, 3], type: 3, scale: [1 / 128], zeroPoint: [128] },
    { shape: [2, 3, 3, 3], type: 3, scale: [0.01], zeroPoint: [120], data: new Uint8Array(54).fill(130) },
    { shape: [2], type: 2, scale: [0.01 / 128], data: Int32Array.of(10, -5) },
    { shape: [1, 2, 2, 2], type: 3, scale: [0.02], zeroPoint: [0] },
    { shape: [2], data: Int32Array.of(1, 2), type: 2 },
    { shape: [1, 2], type: 3, scale: [0.02], zeroPoint: [0] },
    { shape: [1, 2], type: 3, scale: [1 / 256], zeroPoint: [0] },
  ];
  const operators: TestOperator[] = [
    { code: CONV_2D, inputs: [0, 1, 2], outputs: [3], options: conv(VALID, 1, RELU6) },
    { code: MEAN, inputs: [3, 4], outputs: [5], options: [{ int8: 0 }] },
    { code: SOFTMAX, inputs: [5], outputs: [6], options: [{ float32: 1 }] },
  ];
  return writeTflite(
    tensors.map((tensor, at) => ({ ...tensor, ...change.tensors?.[at] })),
    operators.map((operator, at) => ({ ...operator, ...change.operators?.[at] })),
    change.version === undefined ? {} : { version: change.version },
  );
};
const refusal = (file: Uint8Array): string => {
  try {
    tfliteToOnnx(file);
    return 'not refused';
  } catch (error) {
    return `${(error as { code?: string }).code} ${(error as Error).message}`;
  }
};

describe('a file that cannot be converted', () => {
  it.each<[string, Parameters<typeof sound>[0], RegExp]>([
    ['an operator that is not converted', { operators: { 1: { code: 23 } } }, /operator RESIZE_BILINEAR/],
    [
      'an operator that is not even named here',
      { operators: { 1: { code: 98 } } },
      /operator operator 98|operator 98/,
    ],
    [
      'an operator of its own',
      { operators: { 1: { code: 32, custom: 'TFLite_Detection_PostProcess' } } },
      /CUSTOM TFLite_Detection_PostProcess/,
    ],
    ['an element type that is not converted', { tensors: { 3: { type: 7 } } }, /"t3" has element type 7/],
    ['another version of the schema', { version: 2 }, /version 2/],
    [
      'weights of another size',
      { tensors: { 1: { data: new Uint8Array(53) } } },
      /"t1" needs 54 bytes of data and has 53/,
    ],
    ['a shape that no memory holds', { tensors: { 1: { shape: [1 << 30, 3, 3, 3] } } }, /"t1" has the shape/],
    ['a tensor that nothing computes', { operators: { 1: { inputs: [5, 4] } } }, /MEAN needs t5/],
    ['a tensor that does not exist', { operators: { 1: { inputs: [99, 4] } } }, /tensor 99 of 7/],
    ['a loop', { operators: { 1: { outputs: [3] } } }, /"t3", which is there already/],
    ['steps of nothing', { tensors: { 3: { scale: [0] } } }, /scale that is no positive number/],
    ['strides of nothing', { operators: { 0: { options: conv(VALID, 0) } } }, /sizes of CONV_2D do not fit/],
    [
      'a kernel that is larger than the map',
      { tensors: { 0: { shape: [1, 2, 2, 3], type: 3, scale: [1], zeroPoint: [0] } } },
      /sizes of CONV_2D do not fit/,
    ],
    [
      'an input that is no image',
      { tensors: { 0: { shape: [1, 4, 4, 1] } } },
      /an image is \[1, height, width, 3\]/,
    ],
    [
      'an activation that is not converted',
      { operators: { 0: { options: conv(VALID, 1, 5) } } },
      /CONV_2D has the activation 5/,
    ],
  ])('is refused, and says why: %s', (_, change, message) => {
    expect(refusal(sound(change))).toMatch(/^not-convertible /);
    expect(refusal(sound(change))).toMatch(message);
  });

  it('is refused wherever it is cut off', () => {
    const file = sound();
    expect(refusal(file)).toBe('not refused');
    for (let length = 0; length < file.length - 1; length++)
      expect(refusal(file.slice(0, length))).toMatch(/^not-convertible /);
  });

  it('never ends in anything but a refusal or a model, whatever its bytes are: 10,000 files', () => {
    const file = sound();
    const next = noise(1);
    const upTo = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
    let refused = 0;
    for (let i = 0; i < 10_000; i++) {
      const damaged = file.slice();
      for (let changes = 1 + upTo(4); changes > 0; changes--) {
        const at = 8 + upTo(damaged.length - 8);
        const kind = upTo(3);
        if (kind === 0) damaged[at] = upTo(256);
        else if (kind === 1) damaged[at] = (damaged[at] as number) ^ (1 << upTo(8));
        else
          new DataView(damaged.buffer).setInt32(
            Math.min(at, damaged.length - 4),
            [0, -1, 1 << 30, 0x7fff_ffff][upTo(4)] as number,
            true,
          );
      }
      const outcome = refusal(damaged);
      expect(outcome).toMatch(/^(not-convertible |not refused$)/);
      if (outcome !== 'not refused') refused += 1;
    }
    expect(refused).toBeGreaterThan(2000);
  }, 60_000);
});
