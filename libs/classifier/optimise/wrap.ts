import type { ModelProto, ValueInfoProto } from 'onnx-buf';
import type { ModelCard } from '../card/card.js';
import { arithmetic } from '../session/tensor.js';
import {
  type Attributes,
  BATCH,
  constant,
  node,
  ONNX_TYPE,
  opsetOf,
  parseOnnx,
  tensorInfo,
} from './graph.js';

/** The input of a wrapped model: uint8 [batch, height, width, 3], in the channel order of the card. */
export const PIXELS = 'trapline/pixels';

/**
 * Puts layout, type and arithmetic of the preprocessing into the graph, and frees the batch: the model then
 * takes 8 bit pixels, as many images at once as one likes. The file itself stays as it is.
 *
 * Whether the rest of the graph bears a free batch shows only when it runs: the caller has to compare.
 *
 * @param bytes the model file
 * @returns the wrapped model, or `undefined` where the file is too old for it (opset below 7)
 */
export function wrapModel(bytes: Uint8Array, card: ModelCard): ModelProto | undefined {
  const model = parseOnnx(bytes, card.file.path);
  const graph = model.graph;
  if (!graph || opsetOf(model) < 7) return undefined;
  const { name, layout, dtype, height, width } = card.input;
  const { scale, shift, isIdentity } = arithmetic(card.preprocess);
  const shape = layout === 'NCHW' ? [1, 3, 1, 1] : [1, 1, 1, 3];
  const nodes: ReturnType<typeof node>[] = [];
  let last = PIXELS;
  const then = (opType: string, more: string[], attributes: Attributes): void => {
    const output = `trapline/${opType}_${nodes.length}`;
    nodes.push(node(opType, [last, ...more], output, attributes));
    last = output;
  };
  // Transposed while it is still 8 bit: a quarter of the memory to move.
  if (layout === 'NCHW') then('Transpose', [], { perm: [0, 3, 1, 2] });
  if (!isIdentity) {
    then('Cast', [], { to: ONNX_TYPE.float32 });
    nodes.unshift(constant('trapline/scale', scale, shape), constant('trapline/shift', shift, shape));
    then('Mul', ['trapline/scale'], {});
    then('Add', ['trapline/shift'], {});
  }
  if (isIdentity || dtype !== 'float32') then('Cast', [], { to: ONNX_TYPE[dtype] });
  nodes.push(node('Identity', [last], name));
  graph.node.unshift(...nodes);
  const at = graph.input.findIndex((input) => input.name === name);
  graph.input.splice(at, at < 0 ? 0 : 1, tensorInfo(PIXELS, 'uint8', [BATCH, height, width, 3]));
  for (const output of graph.output) freeBatch(output);
  // Shapes noted for the old batch would contradict the new one.
  graph.valueInfo = [];
  return model;
}

function freeBatch({ type }: ValueInfoProto): void {
  const dim = type?.value.case === 'tensorType' ? type.value.value.shape?.dim[0] : undefined;
  if (dim) dim.value = { case: 'dimParam', value: BATCH };
}
