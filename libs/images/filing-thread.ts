import { Worker } from 'node:worker_threads';
import type { Filing, FromFilingThread, ToFilingThread } from './filing-messages.js';

const PROGRAM = new URL('./filing-program.js', import.meta.url);

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Makes plain files of what is in the journal, in a thread of its own: to the service it costs one message for many
 * files. Started with the first of them, and again after it broke.
 */
export class FilingThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /**
   * @param journal the journal's folder
   * @param program the compiled filing-program.js
   */
  constructor(
    private readonly journal: string,
    private readonly program = PROGRAM,
  ) {}

  /**
   * When this resolves, a power cut does not touch the files.
   *
   * @throws the disk's first error, when everything that could be written is; where the journal cannot be read, nothing
   *   is written
   */
  file(filings: readonly Filing[]): Promise<void> {
    this.last += 1;
    const message: ToFilingThread = { id: this.last, journal: this.journal, filings };
    return new Promise((resolve, reject) => {
      // No thread can be started now: that rejects, and nothing waits for an answer.
      this.worker ??= this.start();
      this.waiting.set(message.id, { resolve, reject });
      this.worker.postMessage(message);
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(this.program, { execArgv: [] });
    worker.unref();
    const ended = (error: Error) => {
      if (this.worker === worker) this.fail(error);
    };
    worker.on('message', (message: FromFilingThread) => this.take(message));
    worker.once('error', ended);
    worker.once('exit', () => ended(new Error('the thread that writes the files has ended')));
    return worker;
  }

  private take({ id, error }: FromFilingThread): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
    else waiting?.resolve();
  }

  private fail(error: Error): void {
    this.worker = undefined;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(error);
  }
}
