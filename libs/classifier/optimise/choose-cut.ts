import { create, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { load } from '../session/load-session.js';
import { MAX_BATCH } from '../session/max-batch.js';
import { BATCH, float32Bytes } from './graph.js';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

// Measured with ONNX Runtime 1.30 on a core with 1 MB of cache of its own (level 2), two processes at once, in turns with
// the graph uncut. EfficientNet-B0 and MobileNetV2 take 10 to 15 % less time at 224 px (the largest map of 8 images has
// 37 MB), EfficientNet-B0 at 128 px (12 MB) 4 % less, and 7 % where its gates are spread. Dense layers gain nothing and
// lose up to 4 %: ResNet-18 and YOLOv5s-cls, whose maps are wide until the weights are large.
/** Below this, the maps of 8 images do no harm. */
const LARGEST_MAP_FROM = 8 * MIB;
/** The cache of a core: as much as the cut should hand over for 8 images, and as their maps should have after it. */
const CACHE = 1 * MIB;
/** Read again for each image: they have to stay in the cache beside its maps. */
const WEIGHTS_UP_TO = 256 * KIB;

/**
 * Chooses how far the images should go one by one: up to the first narrow cut after which all maps of 8 images are
 * small, or as far as the weights are small.
 *
 * @param cuts in the order of the graph
 * @returns `undefined` where no map is so large that it would pay, or nothing narrow comes after it
 */
export function chooseCut(graph: GraphProto, cuts: readonly Cut[], shapes: MapShapes): Cut | undefined {
  const bytesOf8 = (name: string): number | undefined => {
    const shape = shapes.get(name);
    return shape && float32Bytes(shape) * MAX_BATCH;
  };
  const largest = (from: number, to?: number): number =>
    graph.node
      .slice(from, to)
      .flatMap(({ output }) => output)
      .reduce((most, name) => Math.max(most, bytesOf8(name) ?? 0), 0);
  const narrow = cuts.filter(
    ({ tensor, weightBytes }) => weightBytes <= WEIGHTS_UP_TO && (bytesOf8(tensor) ?? Infinity) <= CACHE,
  );
  const cut = narrow.find(({ nodes }) => largest(nodes) <= CACHE) ?? narrow.at(-1);
  return cut && largest(0, cut.nodes) >= LARGEST_MAP_FROM ? cut : undefined;
}

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

/** A tensor that is all the rest of a graph knows of the images: there the graph can be cut in two. */
export interface Cut {
  readonly tensor: string;
  /** how many of the graph's nodes stand before the cut; among them may be some that only the rest needs */
  readonly nodes: number;
  /** bytes of the weights that the images meet before the cut, as float32 */
  readonly weightBytes: number;
}

/**
 * All places where a graph can be cut in two, from the images to the answer.
 *
 * @param graph its nodes in an order in which they can be computed, as ONNX asks for
 * @param images the input that the images come through
 * @returns none for a graph with graphs inside (branches, loops): these see the tensors around them
 */
export function findCuts(graph: GraphProto, images: string): Cut[] {
  if (graph.node.some(({ attribute }) => attribute.some(({ g, graphs }) => g || graphs.length))) return [];
  const readers = new Map<string, number>();
  const outputs = new Set(graph.output.map(({ name }) => name));
  for (const name of [...graph.node.flatMap(({ input }) => input), ...outputs]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, float32Bytes(tensor.dims)]));
  const seen = new Set<string>([images]);
  /** What is computed from the images and still to be read, with the number of readers to come. */
  const open = new Map([[images, readers.get(images) ?? 0]]);
  const cuts: Cut[] = [];
  let weightBytes = 0;
  for (const [i, { input, output, attribute }] of graph.node.entries()) {
    const weights = input
      .filter((name) => constants.has(name))
      .reduce((sum, name) => sum + (constants.get(name) ?? 0), 0);
    if (!input.some((name) => seen.has(name))) {
      const own = attribute.reduce((sum, { t }) => sum + (t ? float32Bytes(t.dims) : 0), 0);
      for (const name of output) constants.set(name, own + weights);
      continue;
    }
    weightBytes += weights;
    for (const name of input) {
      const left = (open.get(name) ?? 0) - 1;
      if (left > 0) open.set(name, left);
      else open.delete(name);
    }
    for (const name of output) {
      seen.add(name);
      const left = readers.get(name) ?? 0;
      if (left > 0) open.set(name, left);
    }
    const [tensor = images] = open.keys();
    const isNew = tensor !== images && tensor !== cuts.at(-1)?.tensor && !outputs.has(tensor);
    if (open.size === 1 && isNew) cuts.push({ tensor, nodes: i + 1, weightBytes });
  }
  return cuts;
}

/** The nodes that it takes to compute `wanted` from `given`, and only these, in the order of `nodes`. */
export function nodesFor(nodes: readonly NodeProto[], wanted: readonly string[], given: string): NodeProto[] {
  const needed = new Set(wanted);
  const found: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => name !== given && needed.has(name))) continue;
    for (const name of node.input) if (name) needed.add(name);
    found.push(node);
  }
  return found.reverse();
}
