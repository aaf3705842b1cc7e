import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelCard } from '../card/card.js';
import { outputLength } from '../card/check-shapes.js';
import { checkOutputKind } from '../card/choose-card.js';
import { ModelError, reason } from '../card/model-error.js';
import type { OptimisationLevel, Rewriting } from '../optimise/level.js';
import { rewrite } from '../optimise/optimise.js';
import { agree, testPixels } from '../optimise/same-answers.js';
import { PIXELS } from '../optimise/wrap.js';
import { load } from './load-session.js';
import { MAX_BATCH } from './max-batch.js';
import { inputTensor, outputNumbers } from './tensor.js';

/**
 * A model loaded into this process. `run` blocks the event loop while it works, so a session belongs in a child
 * process. The file is rewritten in memory (see `rewrite`) and compared with itself as it is; where no rewriting
 * agrees with it, it is used as it is.
 */
export class ModelSession {
  readonly #session: InferenceSession;
  /** uint8 [8, height, width, 3]: where the next batch is put together, used again for each. */
  readonly pixels: Uint8Array;

  private constructor(
    session: InferenceSession,
    readonly card: ModelCard,
    readonly way: OptimisationLevel,
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
  static async open(
    path: string,
    card: ModelCard,
    prefer: OptimisationLevel = 'by-image',
  ): Promise<ModelSession> {
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
    const faster =
      prefer === 'plain' ? undefined : await ModelSession.#rewritten(bytes, card, prefer, pixels, expected);
    if (faster) {
      await plain.release();
      return faster;
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
    const perRun = this.way !== 'plain' || batch === 'dynamic' ? count : batch;
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
      this.way !== 'plain'
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

  /** The fastest rewriting that answers as the file does, warm. */
  static async #rewritten(
    bytes: Uint8Array,
    card: ModelCard,
    from: Rewriting,
    pixels: Uint8Array,
    expected: readonly Float32Array[],
  ): Promise<ModelSession | undefined> {
    for await (const rewritten of rewrite(bytes, card, from)) {
      let session: ModelSession | undefined;
      try {
        session = new ModelSession(await load(rewritten.bytes), card, rewritten.way);
        const one = await session.run(pixels.subarray(0, pixels.length / MAX_BATCH), 1);
        const all = await session.run(pixels, MAX_BATCH);
        if (agree(one, expected.slice(0, 1)) && agree(all, expected)) return session;
      } catch {
        // Not every graph bears a free batch: a constant in a Reshape may hold the old one.
      }
      await session?.release();
    }
    return undefined;
  }
}
