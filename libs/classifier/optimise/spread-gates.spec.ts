import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { InferenceSession } from 'onnxruntime-node';
import { answers } from '../fixture/answers.js';
import { efficientNetB0 } from '../fixture/efficientnet-b0.js';
import { type GatedModelOptions, gatedModel } from '../fixture/gated-model.js';
import { mapShapes } from './choose-cut.js';
import { spreadGates } from './spread-gates.js';

const spread = async (model: ModelProto): Promise<ModelProto | undefined> =>
  spreadGates(model, await mapShapes(model));

const countOf = (model: ModelProto | undefined, opType: RegExp): number =>
  model?.graph?.node.filter((node) => opType.test(node.opType)).length ?? 0;

/** What ONNX Runtime makes of a model. */
async function optimised(model: ModelProto): Promise<ModelProto> {
  const folder = mkdtempSync(join(tmpdir(), 'gates-'));
  const optimizedModelFilePath = join(folder, 'model.onnx');
  const session = await InferenceSession.create(toBinary(ModelProtoSchema, model), {
    graphOptimizationLevel: 'all',
    optimizedModelFilePath,
    logSeverityLevel: 3,
  });
  await session.release();
  const made = fromBinary(ModelProtoSchema, readFileSync(optimizedModelFilePath));
  rmSync(folder, { recursive: true });
  return made;
}

describe('gates of squeeze-and-excitation', () => {
  const makes: GatedModelOptions[] = [
    { opset: 11 },
    { opset: 13 },
    { opset: 18 },
    { gate: 'HardSigmoid' },
    { gateFirst: true },
    { second: 'same' },
    { second: 'smaller' },
  ];
  it.each(makes)('are spread, and every number stays the same: %j', async (options) => {
    const model = gatedModel(options);
    const rewritten = (await spread(model)) as ModelProto;
    expect(countOf(rewritten, /^Resize$/)).toBe(options.second === 'smaller' ? 2 : 1);
    expect(await answers(rewritten, 16, [1, 3, 8])).toEqual(await answers(model, 16, [1, 3, 8]));
  });

  it('are spread in all 16 blocks of EfficientNet-B0, and nothing else is', async () => {
    const model = fromBinary(ModelProtoSchema, efficientNetB0(27, 'dynamic').bytes);
    const rewritten = (await spread(model)) as ModelProto;
    expect(countOf(rewritten, /^Resize$/)).toBe(16);
    expect(rewritten.graph?.node).toHaveLength((model.graph?.node.length ?? 0) + 16 * 3);
    expect(await answers(rewritten, 128, [3])).toEqual(await answers(model, 128, [3]));
  });

  (process.arch === 'x64' ? it : it.skip)('no longer make ONNX Runtime reorder the maps', async () => {
    const model = fromBinary(ModelProtoSchema, efficientNetB0(27, 'dynamic').bytes);
    const before = await optimised(model);
    const after = await optimised((await spread(model)) as ModelProto);
    expect(countOf(before, /^Reorder(In|Out)put$/)).toBeGreaterThanOrEqual(2 * 16);
    expect(countOf(after, /^Reorder(In|Out)put$/)).toBeLessThan(16);
    expect(countOf(after, /^Resize$/)).toBe(0);
  });

  const others: [string, GatedModelOptions][] = [
    ['a file below opset 11', { opset: 10 }],
    ['channels that do not fill their blocks', { channels: 24 }],
    ['a gate that no convolution makes', { gate: 'Softmax' }],
    ['a map of one pixel', { stride: 16 }],
  ];
  it.each(others)('are left as they are with %s', async (_, options) => {
    expect(await spread(gatedModel(options))).toBeUndefined();
  });

  it('are not the gates of SiLU, which have the size of the map', async () => {
    expect(await spread(gatedModel({ gate: 'none' }))).toBeUndefined();
  });

  it('leave the model that was given as it is', async () => {
    const model = gatedModel();
    const before = toBinary(ModelProtoSchema, model);
    await spread(model);
    expect(Buffer.from(toBinary(ModelProtoSchema, model)).equals(before)).toBe(true);
  });
});
