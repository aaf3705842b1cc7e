import { InferenceSession } from 'onnxruntime-node';
import { ModelError, reason } from '../card/model-error.js';

// One thread per process, no spinning: several processes share the cores better than one pool of threads.
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
};

/** ONNX Runtime has no code for it. */
const OUT_OF_MEMORY = /bad_alloc|allocate memory|out of memory/i;

/**
 * Loads a model into ONNX Runtime; the caller releases it.
 *
 * @throws ModelError `load-failed`, `start-failed` if there is no memory for it
 */
export async function load(
  bytes: Uint8Array,
  graphOptimizationLevel: InferenceSession.SessionOptions['graphOptimizationLevel'] = 'all',
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, { ...OPTIONS, graphOptimizationLevel });
  } catch (error) {
    if (OUT_OF_MEMORY.test(reason(error)))
      throw new ModelError('start-failed', `there is no memory for the model: ${reason(error)}`);
    const hint = 'a model must be one self-contained .onnx file';
    throw new ModelError('load-failed', `ONNX Runtime cannot load the model (${hint}): ${reason(error)}`);
  }
}
