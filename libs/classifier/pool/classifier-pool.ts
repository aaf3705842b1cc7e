import { availableParallelism } from 'node:os';
import { ModelError, mayPass } from '../card/model-error.js';
import type { ModelPackage } from '../card/model-folders.js';
import { SingleImages } from '../optimise/image-by-image.js';
import type { OptimisationLevel } from '../optimise/level.js';
import { MAX_BATCH } from '../session/max-batch.js';
import type { ChildResult, ProcessExit, Source } from './child-process.js';
import { type CropRef, type CropResult, failed } from './crop-result.js';
import { DecodeApart } from './decode-apart.js';
import { type Batch, ProcessSlot } from './process-slot.js';

export interface PoolOptions {
  /** default: one per core */
  readonly processes?: number | undefined;
  /** how many crops may be queued or in work, default 256 */
  readonly queueLimit?: number;
  /** whether the model's graph may be rewritten so that it runs faster, default true; see `optimise/README.md` */
  readonly rewrites?: boolean | undefined;
  /** after this at most, a process is taken to hang, and killed; default 60,000 */
  readonly batchLimitMs?: number;
  /** the compiled child.js; default: the one beside this file */
  readonly childFile?: URL;
  /** the compiled decode-program.js; default: the one beside the child */
  readonly decodeFile?: URL;
  /** the results of one batch of offered crops, in the order in which they were offered */
  onBatch(results: readonly CropResult[]): void;
  /** a process ended by itself; it is started again after `restartInMs` */
  onProcessExit?(exit: ProcessExit & { readonly restartInMs: number }): void;
  /** a process did not come up; it is tried again after `restartInMs` */
  onStartFailure?(error: unknown, restartInMs: number): void;
}

/** A picture that is decoded apart, or was, and who takes its answer. */
interface Waiting {
  readonly source: Source;
  settle(results: readonly CropResult[]): void;
}

const CLOSE_WAIT_MS = 10_000;
/** Crops that wait to be decoded apart take no room from the others, up to so many. */
const APART_AT_MOST = 2048;

/**
 * Classifies crops in child processes. The caller's event loop is never blocked, and a crash of ONNX Runtime
 * takes nothing with it: the process is started again and its crops go to another, each alone. A crop that ends its
 * process twice is quarantined. What could cost a decoder much is decoded in other processes first.
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
  /** crops that were decoded apart */
  #decoded: Waiting[] = [];
  readonly #apart: DecodeApart;
  #decodingApart = 0;
  readonly #images = new SingleImages((sources, settle) => this.#batchOf(sources, settle));
  #pumping = false;
  #closed = false;
  #idle: (() => void) | undefined;

  private constructor(
    readonly model: ModelPackage,
    private readonly options: PoolOptions,
  ) {
    const childFile = options.childFile ?? new URL('./child.js', import.meta.url);
    this.#apart = new DecodeApart(
      model.card,
      options.decodeFile ?? new URL('./decode-program.js', childFile),
    );
    const processes = Math.max(1, options.processes ?? availableParallelism());
    this.#slots = Array.from({ length: processes }, () => {
      const program = { file: childFile, rewrites: options.rewrites ?? true };
      return new ProcessSlot(model, program, options.batchLimitMs ?? 60_000, {
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

  /** How the model runs: as its file has it (`plain`), or rewritten. Undefined while no process is up. */
  get level(): OptimisationLevel | undefined {
    return this.#slots.find((slot) => slot.level)?.level;
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

  /** How many crops are queued or in work, without those that are decoded apart. */
  get size(): number {
    return this.#keys.size - Math.min(this.#decodingApart, APART_AT_MOST);
  }

  /** How many more crops `offer` would take now. */
  get room(): number {
    return Math.max(0, (this.options.queueLimit ?? 256) - this.size);
  }

  /** The process ids of the children that are up. */
  get pids(): number[] {
    return this.#slots.flatMap((slot) => slot.pid ?? []);
  }

  /**
   * Classifies one image from memory. It gives way to the crops of the queue, which takes longer while there are many.
   *
   * @param top how many labels are ranked; default 5
   * @param key passed through to the result
   * @throws ModelError `busy` when 16 such images are waiting, `closed` when the pool is closed meanwhile
   */
  classifyImage(bytes: Uint8Array, top?: number, key = 'image'): Promise<CropResult> {
    if (this.#closed) return Promise.reject(closed());
    const result = this.#images.add(bytes, key, top);
    this.#pumpSoon();
    return result;
  }

  /** Finishes the batches in work, for at most 10 s, and ends the children. Crops still queued are forgotten. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const crop of [...this.#ahead, ...this.#queue]) this.#keys.delete(crop.key);
    this.#queue = [];
    this.#ahead = [];
    this.#decoded = [];
    this.#first.length = 0;
    this.#images.clear();
    if (this.#slots.some((slot) => slot.outstanding > 0)) await this.#finished();
    this.#images.reject(closed());
    this.#apart.close();
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
    return this.#ahead.length + this.#queue.length + this.#decoded.length;
  }

  // What was decoded apart goes first: it has waited for that already.
  #nextBatch(): Batch {
    if (this.#decoded.length) {
      const decoded = this.#decoded.splice(0, MAX_BATCH);
      const settleOf = new Map(decoded.map(({ source, settle }) => [source.key, settle]));
      return this.#batchOf(
        decoded.map(({ source }) => source),
        (results) => {
          for (const result of results) settleOf.get(result.key)?.([result]);
        },
      );
    }
    const others = Math.min(this.#queue.length, MAX_BATCH / 4);
    const crops = this.#ahead.splice(0, MAX_BATCH - others);
    crops.push(...this.#queue.splice(0, MAX_BATCH - crops.length));
    const groups = new Map(crops.map(({ key, group }) => [key, group]));
    return this.#batchOf(
      crops.map(({ key, path, crc32 }): Source => ({ key, path, crc32 })),
      (results) => this.#settleCrops(results),
      (key) => groups.get(key),
    );
  }

  #settleCrops(results: readonly CropResult[]): void {
    for (const { key } of results) this.#keys.delete(key);
    if (results.length) this.options.onBatch(results);
  }

  /** A batch that hands on its answers, and what has none yet to those that decode. */
  #batchOf(
    sources: readonly Source[],
    settle: (results: readonly CropResult[]) => void,
    groupOf: (key: string) => string | undefined = () => undefined,
  ): Batch {
    const byKey = new Map(sources.map((source) => [source.key, source]));
    return {
      sources,
      kills: 0,
      settle: (results: readonly ChildResult[]) => {
        const answers = results.filter((result) => result.state !== 'deferred');
        if (answers.length) settle(answers);
        for (const { key, state } of results) {
          const source = byKey.get(key);
          if (state === 'deferred' && source) void this.#decodeApart({ source, settle }, groupOf(key) ?? '');
        }
      },
    };
  }

  async #decodeApart({ source, settle }: Waiting, group: string): Promise<void> {
    this.#decodingApart += 1;
    const decoded = await this.#apart.decode(source, group);
    this.#decodingApart -= 1;
    if (this.#closed) return;
    if ('state' in decoded) settle([decoded]);
    else this.#decoded.push({ source: decoded, settle });
    this.#pumpSoon();
  }

  #onLost(inWork: Batch | undefined, waiting: readonly Batch[]): void {
    if (!this.#closed) {
      this.#first.unshift(...(inWork ? suspects({ ...inWork, kills: inWork.kills + 1 }) : []), ...waiting);
    }
    this.#pumpSoon();
  }
}

// Of several, one is to blame: each goes alone, and bears the end of the process until it is through.
function suspects(batch: Batch): Batch[] {
  const { sources, kills } = batch;
  if (sources.length > 1) return sources.map((source) => ({ ...batch, sources: [source] }));
  if (kills < 2) return [batch];
  const { key } = sources[0] as Source;
  batch.settle([failed(key, 'quarantined', `ended the classifier's process ${kills} times`)]);
  return [];
}

function closed(): ModelError {
  return new ModelError('closed', 'the classifier is shutting down');
}
