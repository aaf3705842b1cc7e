import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

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
