import { ModelError } from '../card/model-error.js';
import { BrokenFileError, Table } from './flatbuffer.js';

/** Numbers of `TensorType` in the schema of TensorFlow Lite. */
const TYPES = { 0: 'float32', 1: 'float16', 2: 'int32', 3: 'uint8', 4: 'int64', 9: 'int8' } as const;
export type TensorType = (typeof TYPES)[keyof typeof TYPES];
export const BYTES_OF: Readonly<Record<TensorType, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint8: 1,
  int64: 8,
  int8: 1,
};

/** `value = scale × (number − zeroPoint)`, for the whole tensor or for each slice along `axis`. */
export interface Quantisation {
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly axis: number;
}

export interface TfliteTensor {
  readonly name: string;
  /** As TensorFlow has it: batch, height, width, channels. */
  readonly shape: readonly number[];
  readonly type: TensorType;
  readonly quantisation: Quantisation | undefined;
  /** Of a constant; undefined where an operator computes the tensor. */
  readonly data: Uint8Array | undefined;
}

export interface TfliteOperator {
  /** As the schema names it, such as `CONV_2D`; `CUSTOM <name>` for one that is not part of TensorFlow Lite. */
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Table | undefined;
}

/** One graph with one input and one output. */
export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly input: number;
  readonly output: number;
}

/** Those that small classifiers are made of, and some that people are likely to meet in a refusal. */
const OPERATORS: Readonly<Record<number, string>> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  9: 'FULLY_CONNECTED',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  21: 'RELU6',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  25: 'SOFTMAX',
  28: 'TANH',
  34: 'PAD',
  36: 'GATHER',
  39: 'TRANSPOSE',
  40: 'MEAN',
  41: 'SUB',
  42: 'DIV',
  43: 'SQUEEZE',
  45: 'STRIDED_SLICE',
  49: 'SPLIT',
  53: 'CAST',
  56: 'ARG_MAX',
  74: 'SUM',
  77: 'SHAPE',
  83: 'PACK',
  97: 'RESIZE_NEAREST_NEIGHBOR',
  99: 'SQUARED_DIFFERENCE',
  114: 'QUANTIZE',
  117: 'HARD_SWISH',
  126: 'BATCH_MATMUL',
  150: 'GELU',
};
const CUSTOM = 32;

const MAGIC = 'TFL3';
const SCHEMA_VERSION = 3;
const MAX_SIDE = 1 << 20;

/** Whether a file says that it is one of TensorFlow Lite. */
export const isTflite = (bytes: Uint8Array): boolean =>
  bytes.length >= 8 && Buffer.from(bytes.subarray(4, 8)).toString('latin1') === MAGIC;

/** A file that cannot be converted, with what is wrong with it. */
export const unconvertible = (message: string): ModelError => new ModelError('not-convertible', message);

/**
 * Reads the graph of a TensorFlow Lite file. Nothing in it is trusted: offsets, indices, shapes and lengths of data are all
 * checked here.
 *
 * @throws ModelError `not-convertible` where the file is damaged, or is none
 */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  if (!isTflite(bytes)) throw unconvertible('the file is no TensorFlow Lite model: it does not begin as one');
  return orUnconvertible(() => graphOf(Table.root(bytes)));
}

/** Reads of a file, whose damage becomes a refusal. Options of operators are read as late as they are needed. */
export function orUnconvertible<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BrokenFileError)
      throw unconvertible(
        `the TensorFlow Lite file is damaged or cut off: ${error.message}. Fetch it again.`,
      );
    throw error;
  }
}

function graphOf(model: Table): TfliteGraph {
  const version = model.uint32(0);
  if (version !== SCHEMA_VERSION)
    throw unconvertible(`its schema has version ${version}, and only ${SCHEMA_VERSION} can be read`);
  const graphs = model.tables(2);
  const [graph] = graphs;
  if (!graph || graphs.length > 1)
    throw unconvertible(`it holds ${graphs.length} graphs, and a classifier has one`);
  const buffers = model.tables(4);
  const tensors = graph.tables(0).map((table, index) => tensorOf(table, index, buffers));
  const known = (index: number): number => {
    if (index < 0 || index >= tensors.length)
      throw new BrokenFileError(`it names tensor ${index} of ${tensors.length}`);
    return index;
  };
  const codes = model.tables(1).map(operatorName);
  const operators = graph.tables(3).map((table): TfliteOperator => {
    const name = codes[table.uint32(0)];
    if (name === undefined)
      throw new BrokenFileError(`an operator has code ${table.uint32(0)} of ${codes.length}`);
    return {
      name,
      // -1: an input that may be left out, such as a bias.
      inputs: table.int32s(1).map((index) => (index === -1 ? index : known(index))),
      outputs: table.int32s(2).map(known),
      options: table.table(4),
    };
  });
  return {
    tensors,
    operators,
    input: only(graph.int32s(1), 'input'),
    output: only(graph.int32s(2), 'output'),
  };

  function only(indices: readonly number[], what: string): number {
    const [index] = indices;
    if (index === undefined || indices.length > 1)
      throw unconvertible(`it has ${indices.length} ${what}s, and a classifier has one`);
    return known(index);
  }
}

/** Newer files have the number in the fourth field; the first one is too small for all of them. */
function operatorName(code: Table): string {
  const number = Math.max(code.int8(0), code.int32(3));
  if (number === CUSTOM) return `CUSTOM ${code.text(1)}`.trim();
  return OPERATORS[number] ?? `operator ${number}`;
}

function tensorOf(table: Table, index: number, buffers: readonly Table[]): TfliteTensor {
  const name = table.text(3) || `tensor ${index}`;
  const type = TYPES[table.int8(1) as keyof typeof TYPES];
  if (!type)
    throw unconvertible(`tensor "${name}" has element type ${table.int8(1)}, which is not converted`);
  if (table.table(6)) throw unconvertible(`tensor "${name}" is sparse, which is not converted`);
  const shape = table.int32s(0);
  if (shape.length > 8 || shape.some((side) => side < 0 || side > MAX_SIDE))
    throw new BrokenFileError(`tensor "${name}" has the shape [${shape.slice(0, 9).join(', ')}]`);
  const buffer = buffers[table.uint32(2)];
  if (!buffer)
    throw new BrokenFileError(`tensor "${name}" names buffer ${table.uint32(2)} of ${buffers.length}`);
  const data = buffer.bytes(0);
  const elements = shape.reduce((product, side) => product * side, 1);
  if (data.length && data.length !== elements * BYTES_OF[type])
    throw new BrokenFileError(
      `tensor "${name}" needs ${elements * BYTES_OF[type]} bytes of data and has ${data.length}`,
    );
  return {
    name,
    shape,
    type,
    quantisation: quantisationOf(table, name, shape),
    data: data.length ? data : undefined,
  };
}

function quantisationOf(tensor: Table, name: string, shape: readonly number[]): Quantisation | undefined {
  const table = tensor.table(4);
  if (!table) return undefined;
  const scale = table.float32s(2);
  if (!scale.length) return undefined;
  const zeroPoint = table.int64s(3);
  const axis = table.int32(6);
  const slices = scale.length === 1 ? 1 : shape[axis];
  if (scale.length !== slices || (zeroPoint.length !== 0 && zeroPoint.length !== scale.length))
    throw new BrokenFileError(
      `tensor "${name}" has ${scale.length} scales and ${zeroPoint.length} zero points`,
    );
  if (!scale.every((value) => Number.isFinite(value) && value > 0))
    throw new BrokenFileError(`tensor "${name}" has a scale that is no positive number`);
  if (!zeroPoint.every((value) => Math.abs(value) <= 0x8000_0000))
    throw new BrokenFileError(`tensor "${name}" has a zero point out of range`);
  return { scale, zeroPoint: zeroPoint.length ? zeroPoint : scale.map(() => 0), axis };
}
