import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelCard } from './card.js';
import { checkOutputKind } from './check-output-kind.js';
import { outputLength } from './check-shapes.js';
import { MAX_BATCH } from './max-batch.js';
import { ModelError, reason } from './model-error.js';
import { arithmetic, inputTensor, outputNumbers } from './tensor.js';
import { PIXELS, wrapModel } from './wrap.js';

// One thread per process, no spinning: several processes share the cores better than one pool of threads.
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

// Between the wrapped model and the file as it is; float32 itself leaves about 1e-6.
const TOLERANCE = 1e-4;

/** ONNX Runtime has no code for it. */
const OUT_OF_MEMORY = /bad_alloc|allocate memory|out of memory/i;

/** `wrapped`: preprocessing inside the graph, batch free. `plain`: the file as it is. */
export type Way = 'wrapped' | 'plain';

/**
 * A model loaded into this process. `run` blocks the event loop while it works, so a session belongs in a child
 * process. The file is wrapped in memory (see `wrapModel`) and compared with itself unwrapped; where the two
 * do not agree, it is used as it is.
 */
export class ModelSession {
  readonly #session: InferenceSession;
  /** uint8 [8, height, width, 3]: where the next batch is put together, used again for each. */
  readonly pixels: Uint8Array;

  private constructor(
    session: InferenceSession,
    readonly card: ModelCard,
    readonly way: Way,
  ) {
    this.#session = session;
    this.pixels = new Uint8Array(MAX_BATCH * card.input.height * card.input.width * 3);
  }

  /**
   * Loads a model and warms it up with batches of 8 and of 1.
   *
   * @param path the .onnx file, already checked against the card
   * @throws ModelError `load-failed`, `start-failed`, `shape-mismatch`, `hash-mismatch`, `card-invalid` (see
   *   `checkOutputKind`); what the disk says of a file that cannot be read
   */
  static async open(path: string, card: ModelCard, prefer: Way = 'wrapped'): Promise<ModelSession> {
    const bytes = await readFile(path);
    // The file may have been replaced since the package was opened; its answers would go under the old name.
    const { sha256 } = card.file;
    if (sha256 && createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new ModelError('hash-mismatch', `${path} is not the file that was opened: start again`);
    }
    const plain = new ModelSession(await load(bytes), card, 'plain');
    const pixels = testPixels(card);
    const expected = await plain.run(pixels, MAX_BATCH);
    checkOutputKind(card, expected);
    const takesPixels = card.input.dtype === 'uint8' && card.input.layout === 'NHWC';
    const nothingToGain =
      takesPixels && card.input.batch === 'dynamic' && arithmetic(card.preprocess).isIdentity;
    const wrapped =
      nothingToGain || prefer === 'plain' ? undefined : await wrap(bytes, card, pixels, expected);
    if (wrapped) {
      await plain.release();
      return wrapped;
    }
    await plain.run(pixels.subarray(0, pixels.length / MAX_BATCH), 1);
    return plain;
  }

  /**
   * Runs a batch of images.
   *
   * @param pixels uint8 [count, height, width, 3], in the channel order of the card; count from 1 to 8
   * @returns the model's raw numbers, `outputLength(card)` per image
   * @throws ModelError `load-failed` if the model cannot compute, `shape-mismatch` if its output is not the card's
   */
  async run(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const { batch, height, width } = this.card.input;
    const perRun = this.way === 'wrapped' || batch === 'dynamic' ? count : batch;
    const imageLength = height * width * 3;
    const rows: Float32Array[] = [];
    for (let first = 0; first < count; first += perRun) {
      let part = pixels.subarray(first * imageLength, (first + perRun) * imageLength);
      if (part.length < perRun * imageLength) {
        const padded = new Uint8Array(perRun * imageLength);
        padded.set(part);
        part = padded;
      }
      rows.push(...(await this.#runOnce(part, perRun)).slice(0, count - first));
    }
    return rows;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  async #runOnce(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const { input, output } = this.card;
    const feed =
      this.way === 'wrapped'
        ? { [PIXELS]: new Tensor('uint8', pixels, [count, input.height, input.width, 3]) }
        : { [input.name]: inputTensor(this.card, pixels, count) };
    const results = await this.#session.run(feed, [output.name]).catch((error: unknown) => {
      throw new ModelError('load-failed', `the model cannot compute a batch of ${count}: ${reason(error)}`);
    });
    const numbers = outputNumbers(results[output.name] as Tensor);
    const length = outputLength(this.card);
    if (numbers.length !== length * count) {
      const given = `${numbers.length} numbers for ${count} images`;
      throw new ModelError(
        'shape-mismatch',
        `labels: the card needs ${length} per image, the model gave ${given}`,
      );
    }
    return Array.from({ length: count }, (_, i) => numbers.slice(i * length, (i + 1) * length));
  }

  /** For the class itself: a session of the wrapped graph. */
  static async ofWrapped(model: Uint8Array, card: ModelCard): Promise<ModelSession> {
    return new ModelSession(await load(model), card, 'wrapped');
  }
}

async function load(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, OPTIONS);
  } catch (error) {
    if (OUT_OF_MEMORY.test(reason(error)))
      throw new ModelError('start-failed', `there is no memory for the model: ${reason(error)}`);
    const hint = 'a model must be one self-contained .onnx file';
    throw new ModelError('load-failed', `ONNX Runtime cannot load the model (${hint}): ${reason(error)}`);
  }
}

async function wrap(
  bytes: Uint8Array,
  card: ModelCard,
  pixels: Uint8Array,
  expected: readonly Float32Array[],
): Promise<ModelSession | undefined> {
  let session: ModelSession | undefined;
  try {
    const model = wrapModel(bytes, card);
    if (!model) return undefined;
    session = await ModelSession.ofWrapped(model, card);
    const one = await session.run(pixels.subarray(0, pixels.length / MAX_BATCH), 1);
    const all = await session.run(pixels, MAX_BATCH);
    if (agree(one, expected.slice(0, 1)) && agree(all, expected)) return session;
  } catch {
    // Not every graph bears a free batch: a constant in a Reshape may hold the old one.
  }
  await session?.release();
  return undefined;
}

function agree(a: readonly Float32Array[], b: readonly Float32Array[]): boolean {
  return a.every((row, i) =>
    row.every((value, k) => {
      const other = b[i]?.[k] ?? Number.NaN;
      return Math.abs(value - other) <= TOLERANCE * Math.max(1, Math.abs(other));
    }),
  );
}

// Noise of different brightness per image, so that images mixed up in a batch are noticed.
function testPixels({ input }: ModelCard): Uint8Array {
  const imageLength = input.height * input.width * 3;
  let state = 1;
  return Uint8Array.from({ length: imageLength * MAX_BATCH }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const floor = Math.floor(i / imageLength) * 16 + (i % 3) * 32;
    return floor + (state >>> 26);
  });
}
