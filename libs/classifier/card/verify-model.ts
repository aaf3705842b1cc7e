import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassifierPool } from '../pool/classifier-pool.js';
import type { CropResult } from '../pool/crop-result.js';
import { softmax } from '../session/answer.js';
import type { ModelCard } from './card.js';
import { ModelError, reason } from './model-error.js';
import { type ModelPackage, openModel } from './model-folders.js';

type Golden = NonNullable<ModelCard['golden']>[number];

/**
 * Checks a model from hash to answers: opens it, loads it in a child process, and compares what it says of the
 * golden images with what its card recorded.
 *
 * @param options.childFile see `PoolOptions`
 * @throws ModelError, also `golden-mismatch` with the image's name and the difference
 */
export async function verifyModel(folder: string, options: { childFile?: URL } = {}): Promise<ModelPackage> {
  const model = await openModel(folder);
  const pool = await ClassifierPool.start(model, { ...options, processes: 1, onBatch: () => {} });
  try {
    for (const golden of model.card.golden ?? []) {
      const bytes = await readFile(join(model.folder, golden.image)).catch((error: unknown) => {
        throw new ModelError('golden-mismatch', `the golden image cannot be read: ${reason(error)}`);
      });
      const fault = compare(golden, await pool.classifyImage(bytes), model.card);
      if (fault) throw new ModelError('golden-mismatch', `${golden.image}: ${fault}`);
    }
    return model;
  } finally {
    await pool.close();
  }
}

function compare(golden: Golden, result: CropResult, card: ModelCard): string | undefined {
  if (result.state === 'failed') return result.message;
  const top1 = result.ranked[0]?.label;
  if (golden.top1 && golden.top1 !== top1) return `the card says ${golden.top1}, the model says ${top1}`;
  for (const { label, probability } of golden.top ?? []) {
    const value = result.ranked.find((ranked) => ranked.label === label)?.probability;
    if (differ(probability, value, golden.tolerance))
      return `${label}: the card says ${probability}, the model says ${value ?? 'less than for five others'}`;
  }
  if (golden.logits && result.logits instanceof Float32Array) {
    const { logits } = result;
    const off = golden.logits.findIndex((value, i) => differ(value, logits[i], golden.tolerance));
    if (off < 0 && golden.logits.length === logits.length) return undefined;
    return `logit ${off}: the card says ${golden.logits[off]}, the model says ${logits[off]}`;
  }
  const expected =
    golden.probabilities ??
    (golden.logits && [...softmax(Float32Array.from(golden.logits), card.decision.temperature)]);
  // With many labels only the best five come back: they suffice to tell one model from another.
  for (const { label, probability } of expected ? result.ranked : []) {
    const value = expected?.[card.labels.findIndex(({ id }) => id === label)];
    if (differ(value, probability, golden.tolerance)) {
      return `${label}: the card says ${value}, the model says ${probability}`;
    }
  }
  return undefined;
}

function differ(a: number | undefined, b: number | undefined, tolerance: number): boolean {
  return a === undefined || b === undefined || !(Math.abs(a - b) <= tolerance);
}
