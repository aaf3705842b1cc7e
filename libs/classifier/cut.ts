import type { GraphProto, NodeProto } from 'onnx-buf';
import { float32Bytes } from './graph.js';

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
