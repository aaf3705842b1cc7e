import { JobLimitError, JobPool } from '../../../../libs/jobs/index.js';
import { Unreadable } from '../unreadable.js';
import { type CutJob, UNCUTTABLE, UncuttableFrame } from './cut-frame.js';

const PROGRAM = new URL('./cut-program.js', import.meta.url);
/**
 * A JPEG of 12 megapixels takes 0.3 s and 78 MB on a desk computer, a progressive one of 40 takes 1.9 s and 213 MB; a
 * small trap has a fifth of that speed.
 */
const LIMITS = { cpuMs: 20_000, memoryBytes: 250_000_000 };
/** A worn card can take minutes to give a frame. */
const WALL_MS = 300_000;
/** The process is the size of the agent itself: it goes when there is nothing to cut. */
const IDLE_MS = 5000;
/** Bad frames that are remembered; with more, the memory starts again. */
const GIVEN_UP_AT_MOST = 10_000;

/**
 * Cuts crops, one after the other, in a process that is ended when a frame takes more than any frame of a camera does.
 * The caller closes it.
 */
export class FrameCutter {
  private readonly jobs: JobPool<CutJob, Uint8Array | undefined>;
  /** Frames that took too much, and why: it is not taken again for each insect on them. */
  private readonly givenUp = new Map<string, UncuttableFrame>();

  /** @param program the compiled cut-program.js; default: the one beside this file */
  constructor(program = PROGRAM) {
    this.jobs = new JobPool({
      program,
      limits: LIMITS,
      wallMs: WALL_MS,
      idleMs: IDLE_MS,
      // The agent bounds what it asks for at once.
      waitingAtMost: Number.POSITIVE_INFINITY,
    });
  }

  /**
   * Cuts one crop out of a frame. The same frame and box give the same bytes with the same version of sharp, so that a
   * repetition is one. One frame is in memory at a time.
   *
   * @returns undefined where the box has no pixel, or the frame is not there
   * @throws Unreadable where the disk does not give the frame; UncuttableFrame
   */
  async cut(path: string, box: CutJob['box']): Promise<Uint8Array | undefined> {
    try {
      return await this.jobs.runAgainAfterCrash(() => {
        const before = this.givenUp.get(path);
        if (before) throw before;
        return { path, box };
      });
    } catch (cause) {
      if (cause instanceof JobLimitError) throw this.giveUp(path, cause);
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === UNCUTTABLE) throw new UncuttableFrame(message, { cause });
      if (code === 'unreadable') throw new Unreadable(cause);
      throw cause;
    }
  }

  /** Ends the process at once. */
  close(): void {
    this.jobs.close();
  }

  private giveUp(path: string, cause: JobLimitError): UncuttableFrame {
    const error = new UncuttableFrame(cause.message, { cause });
    if (this.givenUp.size >= GIVEN_UP_AT_MOST) this.givenUp.clear();
    this.givenUp.set(path, error);
    return error;
  }
}
