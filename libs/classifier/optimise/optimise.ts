import { toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import type { ModelCard } from '../card/card.js';
import { arithmetic } from '../session/tensor.js';
import { chooseCut, findCuts, type MapShapes, mapShapes } from './choose-cut.js';
import { opsetOf } from './graph.js';
import { imageByImage, SCAN_FROM_OPSET } from './image-by-image.js';
import type { Rewriting } from './level.js';
import { spreadGates } from './spread-gates.js';
import { PIXELS, wrapModel } from './wrap.js';

/** ONNX Runtime keeps maps in blocks of channels there; what it does on ARM was not measured. */
const HAS_BLOCKS = process.arch === 'x64';
/** Operations of a quantised model: its maps are a quarter of the size, and one by one they cost 4 % more. */
const QUANTISED = /Quantize|QLinear|Integer/;

/**
 * A model file as it runs faster, the fastest first; nothing where nothing is to be gained. Whether the answers
 * stay the same shows only when it runs: the caller has to compare.
 *
 * @param bytes the model file
 * @param from leaves out what stands before it
 */
export async function* rewrite(
  bytes: Uint8Array,
  card: ModelCard,
  from: Rewriting,
): AsyncGenerator<{ readonly way: Rewriting; readonly bytes: Uint8Array }> {
  let wrapped: ModelProto | undefined;
  try {
    wrapped = wrapModel(bytes, card);
  } catch {
    // ONNX Runtime also loads files of a format of its own.
  }
  if (!wrapped) return;
  const shapes = await shapesInside(wrapped);
  const gated = HAS_BLOCKS ? spreadGates(wrapped, shapes) : undefined;
  const byImage = from === 'by-image' ? firstLayersByImage(gated ?? wrapped, shapes) : undefined;
  if (byImage) yield { way: 'by-image', bytes: toBinary(ModelProtoSchema, byImage) };
  if (gated) yield { way: 'wrapped', bytes: toBinary(ModelProtoSchema, gated) };
  const { dtype, layout, batch } = card.input;
  const takesPixels = dtype === 'uint8' && layout === 'NHWC' && arithmetic(card.preprocess).isIdentity;
  if (takesPixels && batch === 'dynamic') return;
  yield { way: 'wrapped', bytes: toBinary(ModelProtoSchema, wrapped) };
}

/** Nothing where neither rewriting is for this model: it need not be loaded once more to be asked. */
async function shapesInside(model: ModelProto): Promise<MapShapes> {
  const isQuantised = model.graph?.node.some(({ opType }) => QUANTISED.test(opType));
  if (isQuantised || opsetOf(model) < SCAN_FROM_OPSET) return new Map();
  try {
    return await mapShapes(model);
  } catch {
    // What ONNX Runtime makes of the wrapped graph is for the caller to find out.
    return new Map();
  }
}

function firstLayersByImage(model: ModelProto, shapes: MapShapes): ModelProto | undefined {
  const { graph } = model;
  const cut = graph && chooseCut(graph, findCuts(graph, PIXELS), shapes);
  return cut && imageByImage(model, PIXELS, cut);
}
