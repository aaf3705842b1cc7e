import { type Attributes, BATCH, tensorInfo } from '../optimise/graph.js';
import { elements, OnnxWriter, permuted, type Value } from './onnx-writer.js';
import {
  BYTES_OF,
  orUnconvertible,
  type Quantisation,
  readTflite,
  type TfliteGraph,
  type TfliteOperator,
  type TfliteTensor,
  unconvertible,
} from './tflite-file.js';

/** The names of the input and the output of a converted model. */
export const CONVERTED_INPUT = 'image';
export const CONVERTED_OUTPUT = 'prediction';

/** What a converted model takes and gives, as its card has to say it. */
export interface ConvertedModel {
  readonly bytes: Uint8Array;
  readonly input: { readonly dtype: 'uint8' | 'float32'; readonly height: number; readonly width: number };
  /** Whether the last step makes probabilities (softmax, or a sigmoid per label). */
  readonly output: { readonly labels: number; readonly kind: 'logits' | 'probabilities' };
}

/**
 * Converts a classifier of TensorFlow Lite to ONNX. Quantised weights stay 8 bit, and quantised maps are rounded to the
 * same steps as in the original, so that ONNX Runtime computes in 8 bit, too, and the answers are the same. The bytes are
 * the same for the same file, every time.
 *
 * The input becomes uint8 (where it is quantised) or float32 [batch, height, width, 3], the output float32 [batch, labels].
 *
 * @throws ModelError `not-convertible`, naming the operator or the tensor
 */
export function tfliteToOnnx(bytes: Uint8Array): ConvertedModel {
  return orUnconvertible(() => new Conversion(readTflite(bytes)).convert());
}

const NCHW = [0, 3, 1, 2];
const NHWC = [0, 2, 3, 1];

class Conversion {
  private readonly onnx = new OnnxWriter();
  private readonly values = new Map<number, Value>();
  private readonly constants = new Map<number, TfliteTensor>();
  private kind: 'logits' | 'probabilities' = 'logits';

  constructor(private readonly graph: TfliteGraph) {
    for (const [index, tensor] of graph.tensors.entries()) if (tensor.data) this.constants.set(index, tensor);
  }

  convert(): ConvertedModel {
    const input = this.begin();
    for (const operator of this.graph.operators) this.add(operator);
    const last = this.values.get(this.graph.output);
    if (!last) throw unconvertible('no operator computes the output of the model');
    const labels = elements(last.shape.slice(1));
    if (last.shape[0] !== 1 || labels < 2)
      throw unconvertible(
        `the output has the shape [${last.shape.join(', ')}], and a classifier gives [1, labels]`,
      );
    // Whatever else was 1 goes: one row of numbers for each image.
    this.onnx.put('Flatten', [last.name], { axis: 1 }, CONVERTED_OUTPUT);
    const { dtype, height, width } = input;
    const bytes = this.onnx.finish(
      tensorInfo(CONVERTED_INPUT, dtype, [BATCH, height, width, 3]),
      tensorInfo(CONVERTED_OUTPUT, 'float32', [BATCH, labels]),
    );
    return { bytes, input, output: { labels, kind: this.kind } };
  }

  private begin(): ConvertedModel['input'] {
    const { name, shape, type, quantisation } = this.tensor(this.graph.input);
    const [batch, height = 0, width = 0, channels] = shape;
    if (
      shape.length !== 4 ||
      batch !== 1 ||
      channels !== 3 ||
      height < 1 ||
      width < 1 ||
      Math.max(height, width) > 4096
    )
      throw unconvertible(
        `input "${name}" has the shape [${shape.join(', ')}], and an image is [1, height, width, 3]`,
      );
    let last = CONVERTED_INPUT;
    if (type === 'uint8' || type === 'int8') {
      const { scale, zeroPoint } = perTensor(quantisation, name);
      // A signed input is an image less 128: the image itself stays unsigned.
      const shifted = zeroPoint + (type === 'int8' ? 128 : 0);
      last = this.onnx.put('DequantizeLinear', [
        last,
        this.onnx.float([scale]),
        this.onnx.integer([shifted], 'uint8'),
      ]);
    } else if (type !== 'float32') {
      throw unconvertible(`input "${name}" is ${type}, and only uint8, int8 and float32 are converted`);
    }
    this.values.set(this.graph.input, {
      name: this.onnx.put('Transpose', [last], { perm: NCHW }),
      shape: permuted(shape, NCHW),
    });
    return { dtype: type === 'float32' ? 'float32' : 'uint8', height, width };
  }

  private add(operator: TfliteOperator): void {
    const convert = this.converters[operator.name];
    if (!convert) {
      const known = Object.keys(this.converters).join(', ');
      throw unconvertible(
        `the model uses the operator ${operator.name}, which is not converted (${known} are)`,
      );
    }
    const [output] = operator.outputs;
    if (output === undefined || operator.outputs.length > 1)
      throw unconvertible(`${operator.name} has ${operator.outputs.length} outputs, and must have one`);
    if (this.values.has(output) || this.constants.has(output))
      throw unconvertible(`${operator.name} computes "${this.tensor(output).name}", which is there already`);
    const value = convert(operator, output);
    if (!value) return;
    if (!PASSES_ON.has(operator.name))
      this.kind = PROBABILITIES.has(operator.name) ? 'probabilities' : 'logits';
    // The answer itself is not rounded to 256 steps.
    const rounded = output === this.graph.output ? value : { ...value, name: this.round(value.name, output) };
    this.values.set(output, rounded);
  }

  private readonly converters: Readonly<
    Record<string, (operator: TfliteOperator, output: number) => Value | undefined>
  > = {
    CONV_2D: (operator, output) => {
      const { options } = operator;
      const x = this.image(operator, 0);
      const weights = this.weight(operator, 1, [0, 3, 1, 2]);
      const [count = 0, perGroup = 0, height = 0, width = 0] = weights.shape;
      const group = (x.shape[1] ?? 0) / perGroup;
      if (!Number.isInteger(group) || group < 1 || count % group !== 0) throw this.mismatch(operator);
      const spatial = this.spatial(operator, x, [height, width], {
        isSame: options?.int8(0) === 0,
        stride: [options?.int32(2) ?? 0, options?.int32(1) ?? 0],
        dilation: [options?.int32(5, 1) ?? 1, options?.int32(4, 1) ?? 1],
      });
      return this.convolution(operator, output, {
        x,
        weights,
        group,
        spatial,
        activation: options?.int8(3) ?? 0,
      });
    },

    DEPTHWISE_CONV_2D: (operator, output) => {
      const { options } = operator;
      const x = this.image(operator, 0);
      const weights = this.weight(operator, 1, [3, 0, 1, 2]);
      const [count = 0, one, height = 0, width = 0] = weights.shape;
      const group = x.shape[1] ?? 0;
      if (one !== 1 || group < 1 || count % group !== 0) throw this.mismatch(operator);
      const spatial = this.spatial(operator, x, [height, width], {
        isSame: options?.int8(0) === 0,
        stride: [options?.int32(2) ?? 0, options?.int32(1) ?? 0],
        dilation: [options?.int32(6, 1) ?? 1, options?.int32(5, 1) ?? 1],
      });
      return this.convolution(operator, output, {
        x,
        weights,
        group,
        spatial,
        activation: options?.int8(4) ?? 0,
      });
    },

    AVERAGE_POOL_2D: (operator, output) => {
      const { options } = operator;
      const x = this.image(operator, 0);
      const kernel: [number, number] = [options?.int32(4) ?? 0, options?.int32(3) ?? 0];
      const { shape, attributes } = this.spatial(operator, x, kernel, {
        isSame: options?.int8(0) === 0,
        stride: [options?.int32(2) ?? 0, options?.int32(1) ?? 0],
        dilation: [1, 1],
      });
      const { dilations: _, ...pool } = attributes;
      const whole = kernel[0] === x.shape[2] && kernel[1] === x.shape[3] && shape[0] === 1 && shape[1] === 1;
      const name = whole
        ? this.onnx.put('GlobalAveragePool', [x.name])
        : this.onnx.put('AveragePool', [x.name], pool);
      return this.activated(operator, output, name, [1, x.shape[1] ?? 0, ...shape], options?.int8(5) ?? 0);
    },

    FULLY_CONNECTED: (operator, output) => {
      const { options } = operator;
      if (options?.int8(1))
        throw unconvertible('FULLY_CONNECTED has shuffled weights, which are not converted');
      const flat = this.flat(operator, 0);
      const weights = this.weight(operator, 1, undefined);
      const [labels = 0, length] = weights.shape;
      if (weights.shape.length !== 2 || flat.shape[1] !== length) throw this.mismatch(operator);
      if (options?.bool(2) && this.tensor(output).shape.length !== 2)
        throw unconvertible('FULLY_CONNECTED keeps more than two dimensions, which is not converted');
      const bias = this.bias(operator, labels);
      const name = this.onnx.put('Gemm', [flat.name, weights.name, ...bias], { transB: 1 });
      return this.activated(operator, output, name, [1, labels], options?.int8(0) ?? 0);
    },

    ADD: (operator, output) => {
      const [a, b] = [this.operand(operator, 0), this.operand(operator, 1)];
      const shape = broadcast(a.shape, b.shape);
      if (shape?.[0] !== 1) throw this.mismatch(operator);
      return this.activated(
        operator,
        output,
        this.onnx.put('Add', [a.name, b.name]),
        shape,
        operator.options?.int8(0) ?? 0,
      );
    },

    SOFTMAX: (operator) => {
      const x = this.operand(operator, 0);
      const beta = operator.options?.float32(0) ?? 1;
      if (!Number.isFinite(beta) || beta < 0) throw unconvertible(`SOFTMAX has the factor ${beta}`);
      // A missing factor is stored as 0 by some converters: TensorFlow itself only makes 1.
      const scaled =
        beta === 1 || beta === 0 ? x.name : this.onnx.put('Mul', [x.name, this.onnx.float([beta])]);
      return {
        name: this.onnx.put('Softmax', [scaled], { axis: x.shape.length === 4 ? 1 : x.shape.length - 1 }),
        shape: x.shape,
      };
    },

    LOGISTIC: (operator) => {
      const x = this.operand(operator, 0);
      return { name: this.onnx.put('Sigmoid', [x.name]), shape: x.shape };
    },

    RESHAPE: (operator, output) => {
      const x = this.operand(operator, 0);
      const { shape } = this.tensor(output);
      if (shape[0] !== 1 || elements(shape) !== elements(x.shape)) throw this.mismatch(operator);
      const plain = this.plain(x);
      // The first dimension is the number of images, whatever it says.
      const target = this.onnx.integer([-1, ...shape.slice(1)], 'int64', [shape.length]);
      const name = this.onnx.put('Reshape', [plain.name, target]);
      if (shape.length !== 4) return { name, shape };
      return { name: this.onnx.put('Transpose', [name], { perm: NCHW }), shape: permuted(shape, NCHW) };
    },

    PAD: (operator) => {
      const x = this.operand(operator, 0);
      const rank = x.shape.length;
      const pairs = this.integers(operator, 1);
      if (pairs.length !== 2 * rank || pairs.some((side) => side < 0 || side > 4096))
        throw this.mismatch(operator);
      const order = rank === 4 ? NCHW : x.shape.map((_, axis) => axis);
      const before = order.map((axis) => pairs[2 * axis] ?? 0);
      const after = order.map((axis) => pairs[2 * axis + 1] ?? 0);
      if (before[0] || after[0]) throw unconvertible('PAD adds images to the batch, which is not converted');
      const pads = this.onnx.integer([...before, ...after], 'int64', [2 * rank]);
      return {
        name: this.onnx.put('Pad', [x.name, pads]),
        shape: x.shape.map((side, axis) => side + (before[axis] ?? 0) + (after[axis] ?? 0)),
      };
    },

    MEAN: (operator, output) => {
      const x = this.operand(operator, 0);
      const rank = x.shape.length;
      const axes = [...new Set(this.integers(operator, 1).map((axis) => (axis < 0 ? axis + rank : axis)))];
      if (!axes.length || axes.some((axis) => axis < 1 || axis >= rank)) throw this.mismatch(operator);
      const keepsDimensions = operator.options?.bool(0) ?? false;
      const mapped = rank === 4 ? axes.map((axis) => NCHW.indexOf(axis)) : axes;
      const kept = {
        name: this.onnx.put('ReduceMean', [x.name], { axes: mapped, keepdims: 1 }),
        shape: x.shape.map((side, axis) => (mapped.includes(axis) ? 1 : side)),
      };
      if (keepsDimensions) return kept;
      const plain = this.plain(kept);
      const shape = plain.shape.filter((_, axis) => !axes.includes(axis));
      if (shape.length < 1 || elements(shape) !== elements(this.tensor(output).shape))
        throw this.mismatch(operator);
      if (shape.length === 1)
        throw unconvertible('MEAN leaves one number for each image, which is no classifier');
      return {
        name: this.onnx.put('Reshape', [
          plain.name,
          this.onnx.integer([-1, ...shape.slice(1)], 'int64', [shape.length]),
        ]),
        shape,
      };
    },

    QUANTIZE: (operator) => this.operand(operator, 0),

    DEQUANTIZE: (operator, output) => {
      const source = this.constants.get(operator.inputs[0] ?? -1);
      if (!source) return this.operand(operator, 0);
      this.constants.set(output, source);
      return undefined;
    },
  };

  /** Strides, padding and the size of the result, as TensorFlow computes them. */
  private spatial(
    operator: TfliteOperator,
    x: Value,
    kernel: readonly [number, number],
    {
      isSame,
      stride,
      dilation,
    }: { isSame: boolean; stride: readonly [number, number]; dilation: readonly [number, number] },
  ) {
    const begin: number[] = [];
    const end: number[] = [];
    const shape = [0, 1].map((at) => {
      const size = x.shape[2 + at] ?? 0;
      const step = stride[at] ?? 0;
      const reach = ((kernel[at] ?? 0) - 1) * (dilation[at] ?? 1) + 1;
      if (![size, step, reach, dilation[at] ?? 0].every((value) => value >= 1 && value <= 1 << 16))
        throw this.mismatch(operator);
      const out = isSame ? Math.ceil(size / step) : Math.floor((size - reach) / step) + 1;
      if (out < 1) throw this.mismatch(operator);
      const padding = isSame ? Math.max(0, (out - 1) * step + reach - size) : 0;
      // Of an odd padding the larger part stands behind.
      begin.push(Math.floor(padding / 2));
      end.push(padding - Math.floor(padding / 2));
      return out;
    });
    const attributes = {
      kernel_shape: [...kernel],
      strides: [...stride],
      dilations: [...dilation],
      pads: [...begin, ...end],
    } satisfies Attributes;
    return { shape, attributes };
  }

  private convolution(
    operator: TfliteOperator,
    output: number,
    {
      x,
      weights,
      group,
      spatial,
      activation,
    }: {
      x: Value;
      weights: Value;
      group: number;
      spatial: ReturnType<Conversion['spatial']>;
      activation: number;
    },
  ): Value {
    const count = weights.shape[0] ?? 0;
    const inputs = [x.name, weights.name, ...this.bias(operator, count)];
    const name = this.onnx.put('Conv', inputs, { ...spatial.attributes, group });
    return this.activated(operator, output, name, [1, count, ...spatial.shape], activation);
  }

  /** Appends the activation that an operator has built in. */
  private activated(
    operator: TfliteOperator,
    output: number,
    name: string,
    shape: readonly number[],
    activation: number,
  ): Value {
    const limits = ACTIVATIONS[activation];
    if (!limits)
      throw unconvertible(`${operator.name} has the activation ${activation}, which is not converted`);
    const [least, most] = limits;
    // Where the steps of the result end at these limits anyway, rounding to them is enough.
    const range = rangeOf(this.tensor(output));
    const isWithin = range && range[0] >= least - 1e-6 && range[1] <= most + 1e-6;
    if (isWithin || (least === Number.NEGATIVE_INFINITY && most === Number.POSITIVE_INFINITY))
      return { name, shape };
    if (most === Number.POSITIVE_INFINITY) return { name: this.onnx.put('Relu', [name]), shape };
    return { name: this.onnx.put('Clip', [name, this.onnx.float([least]), this.onnx.float([most])]), shape };
  }

  /** Rounds a map to the steps of its quantisation; what is not quantised passes. */
  private round(name: string, index: number): string {
    const tensor = this.tensor(index);
    if (tensor.type !== 'uint8' && tensor.type !== 'int8') return name;
    const { scale, zeroPoint } = perTensor(tensor.quantisation, tensor.name);
    const steps = [this.onnx.float([scale]), this.onnx.integer([zeroPoint], tensor.type)];
    return this.onnx.put('DequantizeLinear', [this.onnx.put('QuantizeLinear', [name, ...steps]), ...steps]);
  }

  /** The n-th input of an operator, as a value: computed before, or constant. */
  private operand(operator: TfliteOperator, at: number): Value {
    const index = operator.inputs[at] ?? -1;
    const value = this.values.get(index);
    if (value) return value;
    const constant = this.constants.get(index);
    if (!constant)
      throw unconvertible(
        `${operator.name} needs ${this.graph.tensors[index]?.name ?? 'an input'}, which nothing computes`,
      );
    return this.onnx.constant(constant, constant.shape.length === 4 ? NCHW : undefined);
  }

  private image(operator: TfliteOperator, at: number): Value {
    const value = this.operand(operator, at);
    if (value.shape.length !== 4) throw this.mismatch(operator);
    return value;
  }

  private flat(operator: TfliteOperator, at: number): Value {
    const value = this.operand(operator, at);
    if (value.shape[0] !== 1) throw this.mismatch(operator);
    const plain = this.plain(value);
    return { name: this.onnx.put('Flatten', [plain.name], { axis: 1 }), shape: [1, elements(value.shape)] };
  }

  /** In the order that TensorFlow has its numbers in. */
  private plain(value: Value): Value {
    const { shape, name } = value;
    if (shape.length !== 4) return value;
    const isSame = shape[2] === 1 && shape[3] === 1;
    // With one pixel the order is the same, but the dimensions are named otherwise: who flattens does not care.
    return {
      name: isSame ? name : this.onnx.put('Transpose', [name], { perm: NHWC }),
      shape: permuted(shape, NHWC),
    };
  }

  private weight(operator: TfliteOperator, at: number, order: readonly number[] | undefined): Value {
    const tensor = this.constants.get(operator.inputs[at] ?? -1);
    if (!tensor)
      throw unconvertible(`${operator.name} has weights that are computed, which is not converted`);
    if (order && tensor.shape.length !== order.length) throw this.mismatch(operator);
    return this.onnx.constant(tensor, order);
  }

  private bias(operator: TfliteOperator, count: number): string[] {
    const index = operator.inputs[2] ?? -1;
    if (index === -1) return [];
    const tensor = this.constants.get(index);
    if (!tensor) throw unconvertible(`${operator.name} has a bias that is computed, which is not converted`);
    if (elements(tensor.shape) !== count) throw this.mismatch(operator);
    return [this.onnx.constant({ ...tensor, shape: [count] }, undefined).name];
  }

  private integers(operator: TfliteOperator, at: number): number[] {
    const tensor = this.constants.get(operator.inputs[at] ?? -1);
    if (!tensor?.data || (tensor.type !== 'int32' && tensor.type !== 'int64'))
      throw unconvertible(`${operator.name} has sizes that are computed, which is not converted`);
    const { data, type } = tensor;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return Array.from({ length: data.length / BYTES_OF[type] }, (_, i) =>
      type === 'int32' ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true)),
    );
  }

  private tensor(index: number): TfliteTensor {
    return this.graph.tensors[index] as TfliteTensor;
  }

  private mismatch({ name, inputs }: TfliteOperator): Error {
    const shapes = inputs.map((index) => `[${this.graph.tensors[index]?.shape.join(', ') ?? ''}]`).join(', ');
    return unconvertible(`the sizes of ${name} do not fit together: its inputs are ${shapes}`);
  }
}

/** What makes probabilities of numbers, and what leaves them what they are. */
const PROBABILITIES = new Set(['SOFTMAX', 'LOGISTIC']);
const PASSES_ON = new Set(['RESHAPE', 'QUANTIZE', 'DEQUANTIZE']);

/** The limits of `ActivationFunctionType`: none, ReLU, ReLU from −1 to 1, ReLU up to 6. */
const ACTIVATIONS: readonly (readonly [number, number])[] = [
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  [0, Number.POSITIVE_INFINITY],
  [-1, 1],
  [0, 6],
];

function perTensor(
  quantisation: Quantisation | undefined,
  name: string,
): { scale: number; zeroPoint: number } {
  const [scale] = quantisation?.scale ?? [];
  const [zeroPoint] = quantisation?.zeroPoint ?? [];
  if (scale === undefined || zeroPoint === undefined || (quantisation?.scale.length ?? 0) > 1)
    throw unconvertible(`"${name}" has no single scale, which a map of 8 bit needs`);
  return { scale, zeroPoint };
}

/** The least and the largest number that a quantised map can hold. */
function rangeOf({ type, quantisation, name }: TfliteTensor): readonly [number, number] | undefined {
  if ((type !== 'uint8' && type !== 'int8') || !quantisation) return undefined;
  const { scale, zeroPoint } = perTensor(quantisation, name);
  const [least, most] = type === 'uint8' ? [0, 255] : [-128, 127];
  return [scale * (least - zeroPoint), scale * (most - zeroPoint)];
}

/** NumPy's rule: sides are equal, or one of them is 1 or missing. */
function broadcast(a: readonly number[], b: readonly number[]): number[] | undefined {
  // Channels stand last in the original, and second here: only what names all four dimensions, or none, is sure.
  if (a.length !== b.length && a.length !== 0 && b.length !== 0) return undefined;
  if (!a.length || !b.length) return [...(a.length ? a : b)];
  const shape = a.map((side, axis) => Math.max(side, b[axis] ?? 0));
  return shape.every((side, axis) => [a[axis], b[axis]].every((each) => each === side || each === 1))
    ? shape
    : undefined;
}
