import { readFile } from 'node:fs/promises';
import { create, fromBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { ModelError } from '../card/model-error.js';

/** The element types that a classifier's input and output may have. */
export type ElementType = 'uint8' | 'float32' | 'float16';

export const ONNX_TYPE = {
  uint8: TensorProto_DataType.UINT8,
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
} as const satisfies Record<ElementType, TensorProto_DataType>;

/** The name of the first axis where it is free: how many images come at once. */
export const BATCH = 'batch';

/** What the attributes of an operation may be: a number becomes an int, a list of numbers becomes ints. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string>>;

const { INT, INTS, STRING, TENSOR } = AttributeProto_AttributeType;

/** One operation of a graph. */
export function node(
  opType: string,
  input: string[],
  output: string,
  attributes: Attributes = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) });
    if (typeof value === 'string')
      return create(AttributeProtoSchema, { name, type: STRING, s: Uint8Array.from(Buffer.from(value)) });
    return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) });
  });
  return create(NodeProtoSchema, { opType, name: output, input, output: [output], attribute });
}

/** float32 values of a shape as a Constant: an initializer would have to be an input, too, in old files. */
export function constant(output: string, values: ArrayLike<number>, dims: number[]): NodeProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  const t = create(TensorProtoSchema, { dataType: ONNX_TYPE.float32, dims: dims.map(BigInt), rawData });
  const value = create(AttributeProtoSchema, { name: 'value', type: TENSOR, t });
  return create(NodeProtoSchema, { opType: 'Constant', name: output, output: [output], attribute: [value] });
}

/** An input or output of a graph; a string in `shape` is a dimension that may vary. */
export function tensorInfo(name: string, type: ElementType, shape: (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'number'
        ? { case: 'dimValue' as const, value: BigInt(size) }
        : { case: 'dimParam' as const, value: size },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: ONNX_TYPE[type], shape: { dim } } } },
  });
}

/** How many bytes float32 numbers of a shape take. */
export const float32Bytes = (shape: readonly (number | bigint)[]): number =>
  shape.reduce<number>((product, size) => product * Number(size), 4);

/** One input or output of a model file; `undefined` in `shape` is a dimension that may vary. */
export interface Port {
  readonly name: string;
  /** e.g. `uint8`, `float32`, `float16` */
  readonly dtype: string;
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** What a model file says of itself, without being run. */
export interface OnnxDescription {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** ModelProto field 14, e.g. YOLO's `names` and `imgsz` */
  readonly metadata: ReadonlyMap<string, string>;
}

/** @throws ModelError `load-failed` if the bytes are not an ONNX model */
export function parseOnnx(bytes: Uint8Array, where: string): ModelProto {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    if (model.graph?.node.length) return model;
  } catch {
    // Falls through: one message for whatever the bytes are instead.
  }
  throw new ModelError('load-failed', `${where} is not an ONNX model: export the model to ONNX first`);
}

/** The version of ONNX's own operations that a model is written in. */
export function opsetOf({ opsetImport }: ModelProto): number {
  return Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
}

/** Reads names, shapes and metadata of a model file. @throws ModelError `load-failed` */
export async function describeOnnx(path: string): Promise<OnnxDescription> {
  const model = parseOnnx(await readFile(path), path);
  // Files of the first years list every weight among the inputs.
  const weights = new Set(model.graph?.initializer.map((tensor) => tensor.name));
  return {
    inputs: (model.graph?.input ?? []).filter((input) => !weights.has(input.name)).map(port),
    outputs: (model.graph?.output ?? []).map(port),
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
  };
}

function port({ name, type }: ValueInfoProto): Port {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const elementType = TensorProto_DataType[tensor?.elemType ?? 0] ?? 'unknown';
  return {
    name,
    dtype: elementType === 'FLOAT' ? 'float32' : elementType.toLowerCase(),
    shape: tensor?.shape?.dim.map(({ value }) =>
      value.case === 'dimValue' ? Number(value.value) : undefined,
    ),
  };
}
