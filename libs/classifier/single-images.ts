import type { CropResult } from './crop-result.js';
import type { Source } from './messages.js';
import { ModelError } from './model-error.js';
import type { Batch } from './process-slot.js';

const WAITING_AT_MOST = 16;
/** While crops wait, a single image goes after so many batches of them: it takes 3 % of their time at most. */
const BATCHES_BETWEEN = 4;

/** Images that somebody holds in memory and waits for. Crops go before them, but nobody waits for ever. */
export class SingleImages {
  #waiting: Batch[] = [];
  #batchesSince = 0;
  #added = 0;
  readonly #rejects = new Set<(error: Error) => void>();

  /** @param batchOf makes the batch of an image */
  constructor(
    private readonly batchOf: (
      sources: readonly Source[],
      settle: (results: readonly CropResult[]) => void,
    ) => Batch,
  ) {}

  /** @throws ModelError `busy` when 16 are waiting or in work, `closed` when the pool is closed meanwhile */
  add(bytes: Uint8Array, key: string, top?: number): Promise<CropResult> {
    if (this.#rejects.size >= WAITING_AT_MOST) {
      return Promise.reject(
        new ModelError('busy', `${WAITING_AT_MOST} images are waiting: try again in a moment`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#rejects.add(reject);
      const settle = (results: readonly CropResult[]): void => {
        this.#rejects.delete(reject);
        resolve({ ...(results[0] as CropResult), key });
      };
      // Callers may name several alike, and one batch may hold several of them.
      this.#added += 1;
      this.#waiting.push(this.batchOf([{ key: `\0${this.#added}`, bytes, top }], settle));
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The image whose turn it is, if any; where none is given, a batch of crops goes. */
  next(cropsWait: boolean): Batch | undefined {
    if (cropsWait && this.#batchesSince < BATCHES_BETWEEN) {
      this.#batchesSince += 1;
      return undefined;
    }
    const image = this.#waiting.shift();
    if (image) this.#batchesSince = 0;
    return image;
  }

  /** Forgets those that wait; those in work still come to their end. */
  clear(): void {
    this.#waiting = [];
  }

  reject(error: Error): void {
    for (const reject of this.#rejects) reject(error);
  }
}
