import { availableParallelism } from 'node:os';
import type { ProcessExit } from './child-process.js';
import { type CropRef, type CropResult, failed } from './crop-result.js';
import { MAX_BATCH } from './max-batch.js';
import type { Source } from './messages.js';
import { ModelError, mayPass } from './model-error.js';
import type { ModelPackage } from './model-package.js';
import { type Batch, ProcessSlot } from './process-slot.js';
import { SingleImages } from './single-images.js';

export interface PoolOptions {
  /** default: one per core */
  readonly processes?: number;
  /** how many crops may be queued or in work, default 256 */
  readonly queueLimit?: number;
  /** after this, a process is taken to hang, and killed; default 60,000 */
  readonly batchLimitMs?: number;
  /** the compiled child.js; default: the one beside this file */
  readonly childFile?: URL;
  /** the results of one batch of offered crops, in the order in which they were offered */
  onBatch(results: readonly CropResult[]): void;
  /** a process ended by itself; it is started again after `restartInMs` */
  onProcessExit?(exit: ProcessExit & { readonly restartInMs: number }): void;
  /** a process did not come up; it is tried again after `restartInMs` */
  onStartFailure?(error: unknown, restartInMs: number): void;
}

const CLOSE_WAIT_MS = 10_000;

/**
 * Classifies crops in child processes. The caller's event loop is never blocked, and a crash of ONNX Runtime
 * takes nothing with it: the process is started again and its crops go to another. A crop that ends its process
 * again and again is found by bisection and quarantined.
 *
 * Whoever starts a pool closes it.
 */
export class ClassifierPool {
  readonly #slots: ProcessSlot[];
  readonly #keys = new Set<string>();
  #queue: CropRef[] = [];
  #ahead: CropRef[] = [];
  /** what goes first: batches whose process ended */
  readonly #first: Batch[] = [];
  readonly #images = new SingleImages();
  #pumping = false;
  #closed = false;
  #idle: (() => void) | undefined;

  private constructor(
    readonly model: ModelPackage,
    private readonly options: PoolOptions,
  ) {
    const childFile = options.childFile ?? new URL('./child.js', import.meta.url);
    const processes = Math.max(1, options.processes ?? availableParallelism());
    this.#slots = Array.from({ length: processes }, () => {
      return new ProcessSlot(model, childFile, options.batchLimitMs ?? 60_000, {
        onRoom: () => this.#pumpSoon(),
        onLost: (inWork, waiting) => this.#onLost(inWork, waiting),
        onExit: (exit) => options.onProcessExit?.(exit),
        onStartFailure: (error, restartInMs) => options.onStartFailure?.(error, restartInMs),
      });
    });
  }

  /**
   * Starts the processes and waits until each has loaded the model. Where some cannot be started for a while, such as
   * for want of memory, the others begin.
   *
   * @throws ModelError if the model is unusable; `start-failed` if not one process comes up
   */
  static async start(model: ModelPackage, options: PoolOptions): Promise<ClassifierPool> {
    const pool = new ClassifierPool(model, options);
    const started = await Promise.allSettled(pool.#slots.map((slot) => slot.start()));
    const failures = started.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ error: outcome.reason as unknown, slot: pool.#slots[i] }] : [],
    );
    const lasting = failures.find(({ error }) => !mayPass(error));
    if (lasting || failures.length === started.length) {
      await pool.close();
      throw (lasting ?? failures[0])?.error;
    }
    for (const { error, slot } of failures) options.onStartFailure?.(error, slot?.startLater() ?? 0);
    return pool;
  }

  /**
   * Queues a crop. False when the queue is full, the pool is closed, or the key is already queued or in work.
   *
   * @param ahead before those that are not: three quarters of each batch while both wait
   */
  offer(crop: CropRef, ahead = false): boolean {
    if (this.#closed || this.room === 0 || this.#keys.has(crop.key)) return false;
    this.#keys.add(crop.key);
    if (ahead) this.#ahead.push(crop);
    else this.#queue.push(crop);
    this.#pumpSoon();
    return true;
  }

  /** How many crops are queued or in work. */
  get size(): number {
    return this.#keys.size;
  }

  /** How many more crops `offer` would take now. */
  get room(): number {
    return Math.max(0, (this.options.queueLimit ?? 256) - this.#keys.size);
  }

  /** The process ids of the children that are up. */
  get pids(): number[] {
    return this.#slots.flatMap((slot) => slot.pid ?? []);
  }

  /**
   * Classifies one image from memory. It gives way to the crops of the queue, which takes longer while there are many.
   *
   * @param key passed through to the result
   * @throws ModelError `busy` when 16 such images are waiting, `closed` when the pool is closed meanwhile
   */
  classifyImage(bytes: Uint8Array, key = 'image'): Promise<CropResult> {
    if (this.#closed) return Promise.reject(closed());
    const result = this.#images.add(bytes, key);
    this.#pumpSoon();
    return result;
  }

  /** Finishes the batches in work, for at most 10 s, and ends the children. Crops still queued are forgotten. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const crop of [...this.#ahead, ...this.#queue]) this.#keys.delete(crop.key);
    this.#queue = [];
    this.#ahead = [];
    this.#first.length = 0;
    this.#images.clear();
    if (this.#slots.some((slot) => slot.outstanding > 0)) await this.#finished();
    this.#images.reject(closed());
    await Promise.all(this.#slots.map((slot) => slot.close(CLOSE_WAIT_MS)));
    this.#keys.clear();
  }

  #finished(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_WAIT_MS);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // Not at once: what is offered in the same turn of the event loop goes together.
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  // Greedy: whoever is free takes what is there. Waiting for a full batch only adds delay.
  #pump(): void {
    while (this.#first.length + this.#queued + this.#images.waiting > 0) {
      const free = this.#slots
        .filter((slot) => slot.hasRoom)
        .sort((a, b) => a.outstanding - b.outstanding)[0];
      if (!free) break;
      free.give(this.#first.shift() ?? this.#images.next(this.#queued > 0) ?? this.#nextBatch());
    }
    if (this.#slots.every((slot) => slot.outstanding === 0)) this.#idle?.();
  }

  get #queued(): number {
    return this.#ahead.length + this.#queue.length;
  }

  #nextBatch(): Batch {
    const others = Math.min(this.#queue.length, MAX_BATCH / 4);
    const crops = this.#ahead.splice(0, MAX_BATCH - others);
    crops.push(...this.#queue.splice(0, MAX_BATCH - crops.length));
    return {
      sources: crops.map(({ key, path, crc32 }): Source => ({ key, path, crc32 })),
      kills: 0,
      settle: (results) => {
        for (const { key } of results) this.#keys.delete(key);
        this.options.onBatch(results);
      },
    };
  }

  #onLost(inWork: Batch | undefined, waiting: readonly Batch[]): void {
    if (!this.#closed) {
      this.#first.unshift(...(inWork ? suspects({ ...inWork, kills: inWork.kills + 1 }) : []), ...waiting);
    }
    this.#pumpSoon();
  }
}

// What ended two processes is halved; a half bears one of the two, so that the next end halves it again.
function suspects(batch: Batch): Batch[] {
  if (batch.kills < 2) return [batch];
  const { sources } = batch;
  if (sources.length === 1) {
    const { key } = sources[0] as Source;
    batch.settle([failed(key, 'quarantined', `ended the classifier's process ${batch.kills} times`)]);
    return [];
  }
  const middle = Math.ceil(sources.length / 2);
  return [sources.slice(0, middle), sources.slice(middle)].map((half) => ({
    ...batch,
    sources: half,
    kills: 1,
  }));
}

function closed(): ModelError {
  return new ModelError('closed', 'the classifier is shutting down');
}
