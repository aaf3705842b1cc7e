import { Worker } from 'node:worker_threads';

/** More would wait for minutes: whoever asks is told to come back. */
const MOST_WAITING = 64;

/** Too many questions wait already. */
class BusyError extends Error {
  readonly code = 'busy';
}

export const isBusy = (error: unknown): boolean => error instanceof BusyError;

interface Waiting {
  readonly rows: unknown[];
  resolve(rows: unknown[]): void;
  reject(error: Error): void;
}

/** The thread that reads, started with the first question and again after it broke. */
export class Scanner {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(
    private readonly threadFile: URL,
    private readonly data: ScanThreadData,
  ) {}

  /** @throws BusyError, or what the database says */
  ask(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    if (this.waiting.size >= MOST_WAITING) return Promise.reject(new BusyError('too many questions wait'));
    this.last += 1;
    const id = this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { rows: [], resolve, reject });
      try {
        this.send({ id, sql, parameters });
      } catch (error) {
        // No thread can be started now: what waits must not fill the room of those who come later.
        this.waiting.delete(id);
        reject(error);
      }
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.fail(new Error('the catalog is closed'));
    await worker?.terminate();
  }

  private send(message: ToThread): void {
    this.worker ??= this.start();
    this.worker.postMessage(message);
  }

  private start(): Worker {
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(this.threadFile, { workerData: this.data, execArgv: [] });
    worker.unref();
    const ended = (error: Error) => {
      if (this.worker === worker) this.fail(error);
    };
    worker.on('message', (message: FromThread) => this.take(message));
    worker.once('error', ended);
    worker.once('exit', () => ended(new Error('the thread that reads the catalog has ended')));
    return worker;
  }

  private take(message: FromThread): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    if (!message.error) {
      for (const row of message.rows) waiting.rows.push(row);
      if (message.more) {
        this.send({ id: message.id });
        return;
      }
    }
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(Object.assign(new Error(message.error.message), message.error));
    else waiting.resolve(waiting.rows);
  }

  private fail(error: Error): void {
    this.worker = undefined;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(error);
  }
}
export interface ScanThreadData {
  readonly file: string;
  readonly patienceMs: number;
}

/** A statement, or, without one, the wish for more rows of an earlier one. */
export interface ToThread {
  readonly id: number;
  readonly sql?: string;
  readonly parameters?: readonly unknown[];
}

export type FromThread =
  | {
      readonly id: number;
      readonly rows: readonly unknown[];
      readonly more: boolean;
      readonly error?: undefined;
    }
  | { readonly id: number; readonly error: { readonly message: string; readonly errcode?: number } };
