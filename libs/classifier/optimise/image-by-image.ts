import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { ModelError } from '../card/model-error.js';
import type { Source } from '../pool/child-process.js';
import type { CropResult } from '../pool/crop-result.js';
import type { Batch } from '../pool/process-slot.js';
import { type Cut, nodesFor } from './choose-cut.js';
import { node, opsetOf } from './graph.js';

/** Before, `Scan` took its inputs in another order. */
export const SCAN_FROM_OPSET = 9;

/** The body sees the tensors around it by name, so that its own need names of their own. */
const inBody = (name: string): string => name && `trapline/first/${name}`;

/**
 * Lets the first layers of a model run image by image: everything from the images up to the cut goes into the
 * body of one `Scan` over the batch. The rest takes the whole batch, as before.
 *
 * @param model is left as it is
 * @param images the input that the images come through, the batch its first axis
 * @returns `undefined` where the file is too old for it (opset below 9), or the layers need more than the images
 */
export function imageByImage(model: ModelProto, images: string, cut: Cut): ModelProto | undefined {
  const opset = opsetOf(model);
  const { graph } = model;
  if (!graph || opset < SCAN_FROM_OPSET) return undefined;
  const outputs = graph.output.map(({ name }) => name);
  const first = nodesFor(graph.node.slice(0, cut.nodes), [cut.tensor], images);
  // Constants that both need are computed in both.
  const rest = nodesFor(graph.node, outputs, cut.tensor);
  const readByFirst = new Set(first.flatMap(({ input }) => input));
  const readByRest = new Set([...rest.flatMap(({ input }) => input), ...outputs]);
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const known = new Set(['', images, ...weights, ...first.flatMap(({ output }) => output)]);
  if ([...readByFirst].some((name) => !known.has(name))) return undefined;

  const axes = axisZero(opset);
  const body = create(GraphProtoSchema, {
    name: 'trapline/first',
    node: [
      axes.node('Unsqueeze', inBody('image'), inBody(images)),
      ...first.map(renamed),
      axes.node('Squeeze', inBody(cut.tensor), inBody('map')),
    ],
    // Not those around it: ONNX Runtime prepares the weights of a layer only where they are the graph's own.
    initializer: graph.initializer
      .filter(({ name }) => readByFirst.has(name))
      .map((tensor) => create(TensorProtoSchema, { ...tensor, name: inBody(tensor.name) }))
      .concat(axes.weights),
    input: [create(ValueInfoProtoSchema, { name: inBody('image') })],
    output: [create(ValueInfoProtoSchema, { name: inBody('map') })],
  });
  const scan = node('Scan', [images], cut.tensor, { num_scan_inputs: 1 });
  scan.attribute.push(
    create(AttributeProtoSchema, { name: 'body', type: AttributeProto_AttributeType.GRAPH, g: body }),
  );
  return create(ModelProtoSchema, {
    ...model,
    // Before version 4 each weight had to be an input, too; as an input of the body it would be one more image.
    irVersion: model.irVersion < 4n ? 4n : model.irVersion,
    graph: {
      ...graph,
      node: [scan, ...rest],
      initializer: graph.initializer.filter(({ name }) => readByRest.has(name)),
      input: graph.input.filter(({ name }) => !weights.has(name)),
      valueInfo: graph.valueInfo.filter(({ name }) => readByRest.has(name)),
    },
  });
}

function renamed(original: NodeProto): NodeProto {
  const { input, output, ...others } = clone(NodeProtoSchema, original);
  return { ...others, input: input.map(inBody), output: output.map(inBody) };
}

/** `Squeeze` and `Unsqueeze` of the first axis: named by an attribute below opset 13, by an input from there. */
function axisZero(opset: number) {
  const name = inBody('axes');
  const rawData = new Uint8Array(BigInt64Array.of(0n).buffer);
  const tensor = { name, dataType: TensorProto_DataType.INT64, dims: [1n], rawData };
  return {
    weights: opset < 13 ? [] : [create(TensorProtoSchema, tensor)],
    node: (opType: string, input: string, output: string): NodeProto =>
      opset < 13 ? node(opType, [input], output, { axes: [0] }) : node(opType, [input, name], output),
  };
}

const WAITING_AT_MOST = 16;
/** While crops wait, a single image goes after so many batches of them: it takes 3 % of their time at most. */
const BATCHES_BETWEEN = 4;

/** Images that somebody holds in memory and waits for. Crops go before them, but nobody waits for ever. */
export class SingleImages {
  #waiting: Batch[] = [];
  #batchesSince = 0;
  #added = 0;
  readonly #rejects = new Set<(error: Error) => void>();

  /** @param batchOf makes the batch of an image */
  constructor(
    private readonly batchOf: (
      sources: readonly Source[],
      settle: (results: readonly CropResult[]) => void,
    ) => Batch,
  ) {}

  /** @throws ModelError `busy` when 16 are waiting or in work, `closed` when the pool is closed meanwhile */
  add(bytes: Uint8Array, key: string, top?: number): Promise<CropResult> {
    if (this.#rejects.size >= WAITING_AT_MOST) {
      return Promise.reject(
        new ModelError('busy', `${WAITING_AT_MOST} images are waiting: try again in a moment`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#rejects.add(reject);
      const settle = (results: readonly CropResult[]): void => {
        this.#rejects.delete(reject);
        resolve({ ...(results[0] as CropResult), key });
      };
      // Callers may name several alike, and one batch may hold several of them.
      this.#added += 1;
      this.#waiting.push(this.batchOf([{ key: `\0${this.#added}`, bytes, top }], settle));
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The image whose turn it is, if any; where none is given, a batch of crops goes. */
  next(cropsWait: boolean): Batch | undefined {
    if (cropsWait && this.#batchesSince < BATCHES_BETWEEN) {
      this.#batchesSince += 1;
      return undefined;
    }
    const image = this.#waiting.shift();
    if (image) this.#batchesSince = 0;
    return image;
  }

  /** Forgets those that wait; those in work still come to their end. */
  clear(): void {
    this.#waiting = [];
  }

  reject(error: Error): void {
    for (const reject of this.#rejects) reject(error);
  }
}
