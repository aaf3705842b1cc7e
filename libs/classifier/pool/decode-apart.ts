import { JobLimitError, JobPool } from '../../jobs/index.js';
import type { ModelCard } from '../card/card.js';
import { UNDECODABLE } from '../pixels/decode.js';
import type { Source } from './child-process.js';
import { type FailedCrop, failed } from './crop-result.js';
import type { DecodeJob } from './decode-program.js';

/** The pixels of a picture as the model takes them, or why there are none. */
type Decoded = Source | FailedCrop;

/** One process for a trap with many such pictures, and one more for others. */
const PROCESSES = 2;
/** The queue of the pool is the bound. */
const WAITING_AT_MOST = 1_000_000;

/**
 * Decodes pictures that could cost their decoder much (anything but a plain JPEG of up to 4 megapixels) in processes
 * that may be ended, so that the model's own process, which takes seconds to start, decodes in bounded time only.
 */
export class DecodeApart {
  readonly #jobs: JobPool<DecodeJob, Uint8Array>;

  constructor(
    private readonly card: ModelCard,
    program: URL,
  ) {
    this.#jobs = new JobPool({ program, processes: PROCESSES, waitingAtMost: WAITING_AT_MOST });
  }

  /** @param group whose picture it is: groups take turns */
  async decode({ key, top, path, bytes }: Source, group: string): Promise<Decoded> {
    const { input, preprocess } = this.card;
    const source = (path ?? bytes) as string | Uint8Array;
    try {
      const pixels = await this.#jobs.runAgainAfterCrash(() => ({ source, input, preprocess }), group);
      return { key, top, pixels };
    } catch (error) {
      if (error instanceof JobLimitError) return failed(key, 'quarantined', error.message);
      const { message, code } = error as NodeJS.ErrnoException;
      if (code === UNDECODABLE) return failed(key, 'undecodable', message);
      return failed(key, 'missing', `cannot read the file: ${message}`, code ?? 'EAGAIN');
    }
  }

  close(): void {
    this.#jobs.close();
  }
}
