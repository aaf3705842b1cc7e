import { create, fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
} from 'onnx-buf';
import { efficientNetB0 } from '../fixture/efficientnet-b0.js';
import { wideModel } from '../fixture/wide-model.js';
import { chooseCut, findCuts, mapShapes } from './choose-cut.js';
import { BATCH, node, tensorInfo } from './graph.js';

async function chosen(model: ModelProto): Promise<string | undefined> {
  const { graph } = model;
  return graph && chooseCut(graph, findCuts(graph, 'images'), await mapShapes(model))?.tensor;
}

describe('the cut', () => {
  it.each([224, 128])(
    'of EfficientNet-B0 at %i px stands after its second block of 40 channels',
    async (size) => {
      const model = fromBinary(ModelProtoSchema, efficientNetB0(27, 'dynamic').bytes);
      model.graph?.input.splice(0, 1, tensorInfo('images', 'float32', [BATCH, 3, size, size]));
      expect(await chosen(model)).toBe('Add_71');
      expect((await mapShapes(model)).get('Add_71')).toEqual([40, size / 8, size / 8]);
    },
  );

  it('stands at the first narrow tensor after wide and light layers', async () => {
    expect(await chosen(wideModel())).toBe('narrow');
  });

  it('is none where the maps of 8 images are small', async () => {
    expect(await chosen(wideModel({ size: 64 }))).toBeUndefined();
  });

  it('is none where the last layers read what the first ones made, besides the cut', async () => {
    expect(await chosen(wideModel({ bridged: true }))).toBeUndefined();
  });

  it('is none where the weights before anything narrow are large', async () => {
    const { graph } = wideModel();
    if (!graph) throw new Error('there is no graph');
    const shapes = new Map([
      ['bright', [24, 192, 192]],
      ['narrow', [8, 16, 16]],
    ]);
    const cuts = findCuts(graph, 'images');
    expect(chooseCut(graph, cuts, shapes)?.tensor).toBe('narrow');
    const heavy = cuts.map((cut) => ({ ...cut, weightBytes: cut.weightBytes + 250_000 }));
    expect(chooseCut(graph, heavy, shapes)).toBeUndefined();
  });

  it('is never a tensor whose first axis is not the images', async () => {
    const model = wideModel();
    model.graph?.node.push(node('Flatten', ['narrow'], 'in one row', { axis: 0 }));
    const shapes = await mapShapes(model);
    expect(shapes.get('narrow')).toEqual([8, 24, 24]);
    expect(shapes.has('in one row')).toBe(false);
  });

  it('comes with the weights before it, those of constants, too', () => {
    const { graph } = wideModel();
    const cut = graph && findCuts(graph, 'images').find(({ tensor }) => tensor === 'narrow');
    expect(cut?.weightBytes).toBe(4 * (24 * 3 + 1 + 8 * 24 * 64 + 8));
  });

  it('is none in a graph with another one inside', () => {
    const { graph } = wideModel();
    if (!graph) throw new Error('there is no graph');
    const branch = create(AttributeProtoSchema, {
      name: 'then_branch',
      type: AttributeProto_AttributeType.GRAPH,
      g: create(GraphProtoSchema, { name: 'inner' }),
    });
    const choice = node('If', ['output0'], 'choice');
    choice.attribute.push(branch);
    graph.node.push(choice);
    expect(findCuts(graph, 'images')).toEqual([]);
  });
});
