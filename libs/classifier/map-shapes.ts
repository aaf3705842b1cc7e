import { create, toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, ValueInfoProtoSchema } from 'onnx-buf';
import { BATCH } from './graph.js';
import { load } from './load-session.js';

/** Per image: mostly [channels, height, width]. */
export type MapShapes = ReadonlyMap<string, readonly number[]>;

/**
 * Asks ONNX Runtime what the tensors inside a model look like. It loads the model for it, unoptimised (0.02 s for
 * 16 MB), and runs nothing.
 *
 * @param model its batch is free, and named `BATCH`
 * @returns the shape per image of each tensor that is float32 and has an image axis, which is the first
 * @throws ModelError `load-failed`
 */
export async function mapShapes(model: ModelProto): Promise<MapShapes> {
  const { graph } = model;
  if (!graph) return new Map();
  const names = new Set(graph.node.flatMap(({ output }) => output).filter(Boolean));
  for (const { name } of graph.output) names.delete(name);
  const inside = [...names].map((name) => create(ValueInfoProtoSchema, { name }));
  const open = create(ModelProtoSchema, {
    ...model,
    graph: { ...graph, output: [...graph.output, ...inside] },
  });
  const session = await load(toBinary(ModelProtoSchema, open), 'disabled');
  const shapes = new Map<string, readonly number[]>();
  for (const tensor of session.outputMetadata) {
    if (!tensor.isTensor || tensor.type !== 'float32' || tensor.shape[0] !== BATCH) continue;
    // A name, perhaps an empty one, stands for a size that is not known before it runs.
    const perImage = tensor.shape.slice(1).filter((size) => typeof size === 'number');
    if (perImage.length === tensor.shape.length - 1) shapes.set(tensor.name, perImage);
  }
  await session.release();
  return shapes;
}
