import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { efficientNetB0, writeEfficientNetB0 } from '../fixture/efficientnet-b0.js';
import { type TestModelOptions, writeTestModel } from '../fixture/test-model.js';
import { type WideModelOptions, writeWideModel } from '../fixture/wide-model.js';
import type { OptimisationLevel } from '../optimise/level.js';
import { noise } from '../optimise/same-answers.js';
import { ModelSession } from './model-session.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-'));
});
afterAll(() => rm(folder, { recursive: true }));

function noisyPixels(length: number): Uint8Array {
  const next = noise(7);
  return new Uint8Array(length).map(() => next() >>> 24);
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length));
  return Math.max(...a.flatMap((row, i) => [...row].map((value, k) => Math.abs(value - (b[i]?.[k] ?? 0)))));
}

describe('a session', () => {
  const makes: TestModelOptions[] = (['NHWC', 'NCHW'] as const).flatMap((layout) =>
    (['uint8', 'float32', 'float16'] as const).flatMap((dtype) =>
      ([1, 'dynamic'] as const).map((batch) => ({ layout, dtype, batch, height: 12, width: 20 })),
    ),
  );

  it.each(makes)('answers wrapped as the file does unwrapped: $layout $dtype, batch $batch', async (make) => {
    const { modelPath, card } = await writeTestModel(folder, { ...make, kind: 'probabilities' });
    const wrapped = await ModelSession.open(modelPath, card);
    const plain = await ModelSession.open(modelPath, card, 'plain');
    const pixels = noisyPixels(3 * 12 * 20 * 3);
    expect(wrapped.way).toBe(
      make.dtype === 'uint8' && make.layout === 'NHWC' && make.batch === 'dynamic' ? 'plain' : 'wrapped',
    );
    expect(largestDifference(await wrapped.run(pixels, 3), await plain.run(pixels, 3))).toBeLessThan(1e-4);
  });

  it('answers in a batch of 8 as it does to each image alone, and as the file does: EfficientNet-B0', async () => {
    const { modelPath, card } = await writeEfficientNetB0(folder, 1);
    const session = await ModelSession.open(modelPath, card);
    const plain = await ModelSession.open(modelPath, card, 'plain');
    const length = 128 * 128 * 3;
    const pixels = noisyPixels(8 * length);
    const together = await session.run(pixels, 8);
    const alone: Float32Array[] = [];
    for (let i = 0; i < 8; i++)
      alone.push(...(await session.run(pixels.slice(i * length, (i + 1) * length), 1)));
    expect(session.way).toBe('by-image');
    expect(largestDifference(together, alone)).toBeLessThan(1e-5);
    expect(largestDifference(together, await plain.run(pixels, 8))).toBeLessThan(1e-4);
  });

  const wide: [string, OptimisationLevel, WideModelOptions][] = [
    ['whose first maps are large', 'by-image', {}],
    ['that lists its weights among its inputs', 'by-image', { irVersion: 3, opset: 9 }],
    ['whose maps are small', 'wrapped', { size: 32 }],
    ['that cannot be cut', 'wrapped', { bridged: true }],
    ['that is too old to be cut', 'wrapped', { opset: 8 }],
    ['whose first layers mix the images', 'wrapped', { addsUp: true }],
  ];
  it.each(wide)('answers as the file does: a model %s runs %s', async (_, way, options) => {
    const { modelPath, card } = await writeWideModel(folder, options);
    const session = await ModelSession.open(modelPath, card);
    const plain = await ModelSession.open(modelPath, card, 'plain');
    const pixels = noisyPixels(3 * card.input.height * card.input.width * 3);
    expect(session.way).toBe(way);
    expect(plain.way).toBe('plain');
    expect(largestDifference(await session.run(pixels, 3), await plain.run(pixels, 3))).toBeLessThan(1e-4);
  });

  it('refuses a card that says logits of a model that ends in a softmax', async () => {
    const { modelPath, card } = await writeTestModel(folder, { kind: 'probabilities' });
    const wrong = { ...card, output: { ...card.output, kind: 'logits' as const } };
    await expect(ModelSession.open(modelPath, wrong)).rejects.toMatchObject({
      code: 'card-invalid',
      message: expect.stringContaining('write "probabilities"'),
    });
  });

  it('refuses a card that says probabilities of logits', async () => {
    const { modelPath, card } = await writeTestModel(folder, { kind: 'logits' });
    const wrong = { ...card, output: { ...card.output, kind: 'probabilities' as const } };
    await expect(ModelSession.open(modelPath, wrong)).rejects.toMatchObject({ code: 'card-invalid' });
  });

  it('refuses a file that was replaced', async () => {
    const { modelPath, card } = await writeTestModel(folder, { labels: ['a', 'b', 'c'] });
    await writeTestModel(folder, { labels: ['a', 'b', 'c', 'd'] });
    await expect(ModelSession.open(modelPath, card)).rejects.toMatchObject({ code: 'hash-mismatch' });
  });

  it('has about 4.0 million parameters to measure with', () => {
    const { parameters } = efficientNetB0(27, 1);
    expect(parameters).toBeGreaterThan(4.0e6);
    expect(parameters).toBeLessThan(4.06e6);
  });
});
