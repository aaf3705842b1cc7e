import { create, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
} from 'onnx-buf';
import { type Attributes, node } from '../optimise/graph.js';
import { BYTES_OF, type TensorType, type TfliteTensor, unconvertible } from './tflite-file.js';

const OPSET = 13n;
const IR_VERSION = 8n;

const ONNX_TYPES: Readonly<Record<TensorType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int32: TensorProto_DataType.INT32,
  uint8: TensorProto_DataType.UINT8,
  int64: TensorProto_DataType.INT64,
  int8: TensorProto_DataType.INT8,
};

/** A tensor of the original as the new graph has it. What has four dimensions stands as batch, channels, height, width. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Collects the operations and the weights of a graph, and gives them names. */
export class OnnxWriter {
  private readonly nodes: NodeProto[] = [];
  private readonly weights: TensorProto[] = [];

  /** The bytes of the model: the same for the same graph, every time. */
  finish(input: ValueInfoProto, output: ValueInfoProto): Uint8Array {
    const { nodes, weights } = this;
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: 'trapline',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: { name: 'converted', node: nodes, initializer: weights, input: [input], output: [output] },
    });
    return toBinary(ModelProtoSchema, model);
  }

  /** A constant as an initializer, with its dimensions in another order, and as numbers where it is quantised. */
  constant(tensor: TfliteTensor, order: readonly number[] | undefined): Value {
    const { data, type, quantisation } = tensor;
    const shape = order ? permuted(tensor.shape, order) : tensor.shape;
    if (!data) throw unconvertible(`constant "${tensor.name}" has no data`);
    const stored = order ? transposed(data, tensor.shape, order, BYTES_OF[type]) : data;
    const name = this.initializer(type, shape, stored);
    if (type === 'float32') return { name, shape };
    if (type === 'float16')
      return { name: this.put('Cast', [name], { to: TensorProto_DataType.FLOAT }), shape };
    if (!quantisation) throw unconvertible(`constant "${tensor.name}" is ${type} without a scale`);
    const { scale, zeroPoint } = quantisation;
    const single = scale.length === 1;
    const inputs = [name, this.float(scale, single ? [] : [scale.length])];
    // Numbers of 32 bit have no zero point in ONNX.
    if (type === 'int32' && zeroPoint.some((value) => value !== 0))
      throw unconvertible(`constant "${tensor.name}" has a zero point beside 32 bits`);
    if (type === 'uint8' || type === 'int8')
      inputs.push(this.integer(zeroPoint, type, single ? [] : [scale.length]));
    const axis = order ? order.indexOf(quantisation.axis) : quantisation.axis;
    return { name: this.put('DequantizeLinear', inputs, single ? {} : { axis }), shape };
  }

  put(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output = `v${this.nodes.length}`,
  ): string {
    this.nodes.push(node(opType, [...inputs], output, attributes));
    return output;
  }

  private initializer(type: TensorType, dims: readonly number[], rawData: Uint8Array): string {
    const name = `w${this.weights.length}`;
    this.weights.push(
      create(TensorProtoSchema, {
        name,
        dataType: ONNX_TYPES[type],
        dims: dims.map(BigInt),
        rawData: Uint8Array.from(rawData),
      }),
    );
    return name;
  }

  float(values: readonly number[], dims: readonly number[] = []): string {
    return this.initializer('float32', dims, new Uint8Array(Float32Array.from(values).buffer));
  }

  integer(values: readonly number[], type: 'uint8' | 'int8' | 'int64', dims: readonly number[] = []): string {
    const [least, most] = type === 'uint8' ? [0, 255] : type === 'int8' ? [-128, 127] : [-(2 ** 31), 2 ** 31];
    if (!values.every((value) => Number.isInteger(value) && value >= least && value <= most))
      throw unconvertible(
        `a zero point or size is ${values.find((value) => !(value >= least && value <= most))}, and must be ${type}`,
      );
    const data =
      type === 'int64'
        ? BigInt64Array.from(values, (value) => BigInt(value))
        : type === 'int8'
          ? Int8Array.from(values)
          : Uint8Array.from(values);
    return this.initializer(type, dims, new Uint8Array(data.buffer));
  }
}

/** How many numbers a shape has room for. */
export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1);

/** The dimensions in another order. */
export const permuted = (shape: readonly number[], order: readonly number[]): number[] =>
  order.map((axis) => shape[axis] ?? 0);

function transposed(
  data: Uint8Array,
  shape: readonly number[],
  order: readonly number[],
  size: number,
): Uint8Array {
  const to = permuted(shape, order);
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const steps = permuted(strides, order);
  const result = new Uint8Array(data.length);
  const at = to.map(() => 0);
  let from = 0;
  for (let i = 0; i * size < data.length; i++) {
    for (let k = 0; k < size; k++) result[i * size + k] = data[from * size + k] as number;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += steps[axis] as number;
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (to[axis] as number)) break;
      from -= (steps[axis] as number) * (to[axis] as number);
      at[axis] = 0;
    }
  }
  return result;
}
