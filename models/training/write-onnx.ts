import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type NodeProto } from 'onnx-buf';
import { constant, node, tensorInfo } from '../../libs/classifier/optimise/graph.js';
import type { Network } from './network.js';

export const INPUT = 'images';
export const OUTPUT = 'logits';

/** The trained network as an ONNX file: float32 [batch, 3, side, side] in, float32 [batch, labels] out. */
export function onnxOf(network: Network): Uint8Array {
  const nodes: NodeProto[] = [];
  let last = INPUT;
  for (const [i, { input, output, weights, bias }] of network.layers.entries()) {
    const name = (what: string) => `${what}_${i}`;
    nodes.push(
      constant(name('weights'), weights.values, [output.channels, input.channels, 3, 3]),
      constant(name('bias'), bias.values, [output.channels]),
      node('Conv', [last, name('weights'), name('bias')], name('conv'), {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
      }),
      node('Relu', [name('conv')], name('relu')),
    );
    last = name('relu');
  }
  const features = network.weights.values.length / network.labels;
  nodes.push(
    node('GlobalAveragePool', [last], 'mean'),
    node('Flatten', ['mean'], 'features'),
    constant('weights', network.weights.values, [network.labels, features]),
    constant('bias', network.bias.values, [network.labels]),
    node('Gemm', ['features', 'weights', 'bias'], OUTPUT, { transB: 1 }),
  );
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'trapline models/training',
      opsetImport: [{ domain: '', version: 13n }],
      graph: {
        name: 'drawn-insects',
        node: nodes,
        input: [tensorInfo(INPUT, 'float32', ['batch', 3, network.side, network.side])],
        output: [tensorInfo(OUTPUT, 'float32', ['batch', network.labels])],
      },
    }),
  );
}
