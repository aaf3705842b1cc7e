import { create } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, type NodeProto, NodeProtoSchema } from 'onnx-buf';
import type { MapShapes } from './choose-cut.js';
import { BATCH, constant, node, opsetOf, tensorInfo } from './graph.js';

/** From there on `Resize` can be told how to round. */
const RESIZE_FROM_OPSET = 11;
/** ONNX Runtime keeps maps in blocks of 8 or 16 channels, as the processor has it. */
const BLOCK = 16;
/** What a gate ends with. */
const GATES: ReadonlySet<string> = new Set(['Sigmoid', 'HardSigmoid']);
/** Maps in blocks go through them as they are. */
const KEEP_BLOCKS: ReadonlySet<string> = new Set([
  ...GATES,
  'Add',
  'BatchNormalization',
  'Clip',
  'HardSwish',
  'Mul',
  'Relu',
  'Tanh',
]);

/**
 * Spreads the gates of squeeze-and-excitation: a map [channels, height, width] that is multiplied by one number per
 * channel is multiplied by a map of its own size instead. Each product is the same as before, bit by bit.
 *
 * ONNX Runtime computes convolutions on maps in blocks of channels. It can multiply two maps of the same size as they
 * are; for a map and a column it takes the blocks apart, and puts them together again.
 *
 * @param model is left as it is; its batch is free, and named `BATCH`
 * @returns `undefined` where there is no such gate, or the file is too old for it (opset below 11)
 */
export function spreadGates(model: ModelProto, shapes: MapShapes): ModelProto | undefined {
  const { graph } = model;
  if (!graph || opsetOf(model) < RESIZE_FROM_OPSET) return undefined;
  const inBlocks = new Set<string>();
  const gates = new Set<string>();
  const nodes: NodeProto[] = [];
  const valueInfo = [...graph.valueInfo];
  for (const original of graph.node) {
    const { opType, input, output } = original;
    const isKept = KEEP_BLOCKS.has(opType) && input.every((name) => !shapes.has(name) || inBlocks.has(name));
    if (opType === 'Conv' || isKept) for (const name of output) inBlocks.add(name);
    if (isKept && GATES.has(opType)) for (const name of output) gates.add(name);
    const gate = opType === 'Mul' && isKept ? input.find((name) => gates.has(name)) : undefined;
    const shape = shapes.get(input.find((name) => name !== gate) ?? '');
    if (gate === undefined || !shape || !isColumnOf(shapes.get(gate), shape)) {
      nodes.push(original);
      continue;
    }
    const spread = `trapline/spread/${gate}/${shape.join('x')}`;
    if (!valueInfo.some(({ name }) => name === spread)) {
      nodes.push(...spreading(gate, spread, shape));
      // Without it the two maps are not known to be of as many images.
      valueInfo.push(tensorInfo(spread, 'float32', [BATCH, ...shape]));
    }
    nodes.push(
      create(NodeProtoSchema, { ...original, input: input.map((name) => (name === gate ? spread : name)) }),
    );
  }
  if (valueInfo.length === graph.valueInfo.length) return undefined;
  return create(ModelProtoSchema, { ...model, graph: { ...graph, node: nodes, valueInfo } });
}

function isColumnOf(column: readonly number[] | undefined, map: readonly number[]): boolean {
  const [channels = 0, height = 1, width = 1] = map;
  return (
    map.length === 3 &&
    height * width > 1 &&
    channels % BLOCK === 0 &&
    column?.length === 3 &&
    column.every((size, axis) => size === [channels, 1, 1][axis])
  );
}

/** In the one way that ONNX Runtime has for maps in blocks. */
function spreading(gate: string, spread: string, [, height = 1, width = 1]: readonly number[]): NodeProto[] {
  const scales = `${spread}/scales`;
  const region = `${spread}/region`;
  return [
    constant(region, [], [0]),
    constant(scales, [1, 1, height, width], [4]),
    node('Resize', [gate, region, scales], spread, {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    }),
  ];
}
