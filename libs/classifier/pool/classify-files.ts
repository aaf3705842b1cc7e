import { availableParallelism } from 'node:os';
import type { ModelPackage } from '../card/model-folders.js';
import { ClassifierPool } from './classifier-pool.js';
import type { CropRef, CropResult } from './crop-result.js';

export interface ClassifyOptions {
  /** See `PoolOptions`. */
  readonly childFile?: URL | undefined;
  /** Default: one per core. */
  readonly processes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number): void;
  /** The processes have loaded the model. */
  onReady?(): void;
  /** All files are classified, and the processes still run. */
  onDone?(pids: readonly number[]): Promise<void>;
}

/**
 * Classifies files in processes of their own, which end with it.
 *
 * @returns a result for each key
 * @throws ModelError if the model is unusable; the reason of the signal when it is aborted
 */
export async function classifyFiles(
  model: ModelPackage,
  files: readonly CropRef[],
  options: ClassifyOptions = {},
): Promise<Map<string, CropResult>> {
  const { childFile, processes = availableParallelism(), signal, onProgress } = options;
  const results = new Map<string, CropResult>();
  if (!files.length) return results;
  let notify = (): void => {};
  const pool = await ClassifierPool.start(model, {
    ...(childFile && { childFile }),
    processes: Math.min(processes, files.length),
    onBatch: (batch) => {
      for (const result of batch) results.set(result.key, result);
      onProgress?.(results.size);
      notify();
    },
  });
  const wake = (): void => notify();
  signal?.addEventListener('abort', wake);
  options.onReady?.();
  try {
    let next = 0;
    while (results.size < files.length) {
      signal?.throwIfAborted();
      while (next < files.length && pool.offer(files[next] as CropRef)) next += 1;
      if (results.size < files.length)
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
    }
    await options.onDone?.(pool.pids);
    return results;
  } finally {
    signal?.removeEventListener('abort', wake);
    await pool.close();
  }
}
