import { toBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import type { ModelCard } from './card.js';
import { chooseCut } from './choose-cut.js';
import { findCuts } from './cut.js';
import { imageByImage, SCAN_FROM_OPSET } from './image-by-image.js';
import { mapSizes } from './map-sizes.js';
import { opsetOf } from './onnx-file.js';
import { arithmetic } from './tensor.js';
import { PIXELS, wrapModel } from './wrap.js';

/** Both take `PIXELS`, as many as one likes. `by-image`: the first layers run image by image, too. */
export type Rewriting = 'by-image' | 'wrapped';

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
  const byImage = from === 'by-image' ? await firstLayersByImage(wrapped) : undefined;
  if (byImage) yield { way: 'by-image', bytes: toBinary(ModelProtoSchema, byImage) };
  const { dtype, layout, batch } = card.input;
  const takesPixels = dtype === 'uint8' && layout === 'NHWC' && arithmetic(card.preprocess).isIdentity;
  if (takesPixels && batch === 'dynamic') return;
  yield { way: 'wrapped', bytes: toBinary(ModelProtoSchema, wrapped) };
}

async function firstLayersByImage(model: ModelProto): Promise<ModelProto | undefined> {
  const { graph } = model;
  if (!graph || opsetOf(model) < SCAN_FROM_OPSET) return undefined;
  if (graph.node.some(({ opType }) => QUANTISED.test(opType))) return undefined;
  const cuts = findCuts(graph, PIXELS);
  if (cuts.length === 0) return undefined;
  try {
    const cut = chooseCut(graph, cuts, await mapSizes(model));
    return cut && imageByImage(model, PIXELS, cut);
  } catch {
    // What ONNX Runtime makes of the wrapped graph is for the caller to find out.
    return undefined;
  }
}
