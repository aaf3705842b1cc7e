import { Worker } from 'node:worker_threads';
import type { PictureState, StoredPicture } from '../crops/stored-picture.js';
import type { JournalEntry } from '../journal/journal.js';

const PROGRAM = new URL('./disk-program.js', import.meta.url);

interface Waiting {
  resolve(states: readonly PictureState[]): void;
  reject(error: Error): void;
}

/**
 * Reads and writes many files in a thread of its own: to the service that costs one message. Started with the first of
 * them, and again after it broke. Its tasks are done one after the other.
 */
export class DiskThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /** @param program the compiled disk-program.js */
  constructor(
    private readonly dataDir: string,
    private readonly program = PROGRAM,
  ) {}

  /**
   * Makes plain files of what is in the journal. When this resolves, a power cut does not touch them.
   *
   * @returns for each: `whole` where its file is written, otherwise what is wrong with its bytes in the journal
   * @throws the disk's first error, when everything that could be written is; where the journal cannot be read, nothing
   *   is written
   */
  file(filings: readonly Filing[]): Promise<readonly PictureState[]> {
    return this.ask((id) => ({ id, dataDir: this.dataDir, filings }));
  }

  /** Reads pictures, and compares them with their hashes; see `pictureState`. */
  check(pictures: readonly StoredPicture[]): Promise<readonly PictureState[]> {
    return this.ask((id) => ({ id, dataDir: this.dataDir, pictures }));
  }

  /**
   * Whether the files that this thread has written lately of each run are as they were, without reading them: `damaged`
   * where one of them was changed or is gone.
   *
   * @param runs keys of runs
   */
  checkOwn(runs: readonly string[]): Promise<readonly PictureState[]> {
    return this.ask((id) => ({ id, dataDir: this.dataDir, runs }));
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private ask(message: (id: number) => ToDiskThread): Promise<readonly PictureState[]> {
    this.last += 1;
    const id = this.last;
    return new Promise((resolve, reject) => {
      // No thread can be started now: that rejects, and nothing waits for an answer.
      this.worker ??= this.start();
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage(message(id));
    });
  }

  private start(): Worker {
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(this.program, { execArgv: [] });
    worker.unref();
    const ended = (error: Error) => {
      if (this.worker === worker) this.fail(error);
    };
    worker.on('message', (message: FromDiskThread) => this.take(message));
    worker.once('error', ended);
    worker.once('exit', () => ended(new Error('the thread that reads and writes the files has ended')));
    return worker;
  }

  private take({ id, states, error }: FromDiskThread): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
    else waiting?.resolve(states ?? []);
  }

  private fail(error: Error): void {
    this.worker = undefined;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(error);
  }
}

/** Bytes in the journal, and the plain file that they are to become. */
export interface Filing extends JournalEntry {
  readonly crc32: number;
  readonly path: string;
  /** Key of the run. */
  readonly run: string;
}

export type ToDiskThread = { readonly id: number; readonly dataDir: string } & (
  | { readonly filings: readonly Filing[] }
  | { readonly pictures: readonly StoredPicture[] }
  | { readonly runs: readonly string[] }
);

/** The answer, for each filing or picture in its order; with `error` some of the files are not there, or not durable. */
export interface FromDiskThread {
  readonly id: number;
  readonly states?: readonly PictureState[];
  readonly error?: { readonly message: string; readonly code?: string | undefined };
}
