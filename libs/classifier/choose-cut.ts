import type { GraphProto } from 'onnx-buf';
import type { Cut } from './cut.js';
import { float32Bytes } from './graph.js';
import type { MapShapes } from './map-shapes.js';
import { MAX_BATCH } from './max-batch.js';

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
