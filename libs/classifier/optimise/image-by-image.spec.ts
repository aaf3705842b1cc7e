import { toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { answers } from '../fixture/answers.js';
import { type WideModelOptions, wideModel } from '../fixture/wide-model.js';
import { type Cut, findCuts } from './choose-cut.js';
import { imageByImage } from './image-by-image.js';

const SIZE = 32;

function cutAt(model: ModelProto, tensor: string): Cut {
  const cut = model.graph && findCuts(model.graph, 'images').find((found) => found.tensor === tensor);
  if (!cut) throw new Error(`there is no cut at ${tensor}`);
  return cut;
}

describe('first layers image by image', () => {
  const makes: WideModelOptions[] = [
    { opset: 9 },
    { opset: 12 },
    { opset: 13 },
    { opset: 17 },
    { opset: 9, irVersion: 3 },
  ];
  it.each(makes)('give the same numbers in batches of 1, 3 and 8: $opset, IR $irVersion', async (make) => {
    const model = wideModel({ ...make, size: SIZE });
    const rewritten = imageByImage(model, 'images', cutAt(model, 'narrow')) as ModelProto;
    const [expected, given] = [
      await answers(model, SIZE, [1, 3, 8]),
      await answers(rewritten, SIZE, [1, 3, 8]),
    ];
    expect(given.map((row) => row.length)).toEqual([4, 12, 32]);
    const differences = given.flatMap((row, i) =>
      row.map((value, k) => Math.abs(value - (expected[i]?.[k] ?? Number.NaN))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });

  it('are all that stands before the cut; the weights that only they need go with them', () => {
    const model = wideModel();
    const { graph } = imageByImage(model, 'images', cutAt(model, 'narrow')) as ModelProto;
    const body = graph?.node[0]?.attribute.find(({ name }) => name === 'body')?.g;
    expect(graph?.node.map(({ opType }) => opType)).toEqual([
      'Scan',
      'Constant',
      'Conv',
      'Mul',
      'GlobalAveragePool',
      'Flatten',
      'MatMul',
    ]);
    expect(graph?.initializer.map(({ name }) => name)).toEqual(['w2', 'bias', 'w3']);
    expect(body?.node.map(({ opType }) => opType)).toEqual([
      'Unsqueeze',
      'Constant',
      'Conv',
      'Mul',
      'Relu',
      'Conv',
      'Squeeze',
    ]);
    expect(body?.initializer.map(({ name }) => name)).toEqual(
      ['w0', 'w1', 'bias', 'axes'].map((name) => `trapline/first/${name}`),
    );
  });

  it('leave the model that was given as it is', () => {
    const model = wideModel({ irVersion: 3 });
    const before = toBinary(ModelProtoSchema, model);
    imageByImage(model, 'images', cutAt(model, 'narrow'));
    expect(Buffer.from(toBinary(ModelProtoSchema, model)).equals(before)).toBe(true);
  });

  it('are not made of a file below opset 9', () => {
    const model = wideModel({ opset: 8 });
    expect(imageByImage(model, 'images', cutAt(model, 'narrow'))).toBeUndefined();
  });

  it('are not made of layers that take a second input', () => {
    const model = wideModel();
    const { graph } = model;
    if (graph) graph.initializer = graph.initializer.filter(({ name }) => name !== 'w0');
    expect(imageByImage(model, 'images', cutAt(model, 'narrow'))).toBeUndefined();
  });
});
