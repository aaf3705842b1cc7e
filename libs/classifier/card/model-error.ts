/**
 * What can be wrong with a model. The codes are stable: callers and scripts may switch on them.
 *
 * - `model-missing`: no folder, card or model file where one was expected
 * - `card-invalid`: model.json does not say what it must, or contradicts itself
 * - `hash-mismatch`: the file's bytes are not those that the card or the caller names
 * - `shape-mismatch`: the file's inputs, outputs or number of labels are not those of the card
 * - `golden-mismatch`: the model does not give the answers that its card recorded
 * - `load-failed`: ONNX Runtime cannot load or run the file
 * - `start-failed`: no process, no memory, or the file could not be read just now: it may work later
 * - `download-failed`: the file could not be fetched, or is too large
 * - `not-convertible`: a TensorFlow Lite file is damaged, or uses what the conversion to ONNX does not do
 * - `card-unknown`: a bare .onnx file for which no card is known and none can be derived
 * - `already-installed`: another model of the same name stands there
 * - `busy`: too many single images are waiting
 * - `closed`: the pool was closed
 */
export type ModelErrorCode =
  | 'model-missing'
  | 'card-invalid'
  | 'hash-mismatch'
  | 'shape-mismatch'
  | 'golden-mismatch'
  | 'load-failed'
  | 'start-failed'
  | 'download-failed'
  | 'not-convertible'
  | 'card-unknown'
  | 'already-installed'
  | 'busy'
  | 'closed';

/** A model that cannot be used. `message` says what is wrong and what to do about it. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether the same may work later, though nobody does anything about it: the machine lacked something for a while. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof ModelError) || error.code === 'start-failed';

/** The text of anything thrown, for a message that passes it on. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
