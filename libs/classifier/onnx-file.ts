import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, TensorProto_DataType, type ValueInfoProto } from 'onnx-buf';
import { ModelError } from './model-error.js';

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
