import { BACKOFF, backoffMs } from '../../async/index.js';
import type { ModelPackage } from '../card/model-folders.js';
import type { OptimisationLevel } from '../optimise/level.js';
import {
  type ChildProgram,
  type ChildResult,
  ClassifierProcess,
  type ProcessExit,
  type Source,
} from './child-process.js';

/** Images that go to a process together. */
export interface Batch {
  readonly sources: readonly Source[];
  /** how many processes ended while they worked on it */
  readonly kills: number;
  settle(results: readonly ChildResult[]): void;
}

/** What the pool must know of a slot. */
interface SlotEvents {
  /** a batch is done, or a process is up again: there is room for work */
  onRoom(): void;
  /** the process ended: the batch it worked on, and those that waited behind */
  onLost(inWork: Batch | undefined, waiting: readonly Batch[]): void;
  onExit(exit: ProcessExit & { readonly restartInMs: number }): void;
  /** it did not come up again; the next attempt is in `restartInMs` */
  onStartFailure(error: unknown, restartInMs: number): void;
}

// One in work and one ready behind it, so that a process never waits for its parent.
const OUTSTANDING = 2;
const LEAST_LIMIT_MS = 15_000;
const PATIENCE = 20;

/** Keeps one classifier process alive: gives it batches, and starts it anew, ever more slowly, when it ends. */
export class ProcessSlot {
  #process: ClassifierProcess | undefined;
  #outstanding: Batch[] = [];
  #failures = 0;
  #closing = false;
  #restart: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  /** The longest time that a batch has taken so far; 0 before the first. */
  #slowestMs = 0;
  #startedAt = 0;

  constructor(
    private readonly model: ModelPackage,
    private readonly program: ChildProgram,
    private readonly batchLimitMs: number,
    private readonly events: SlotEvents,
  ) {}

  /** @throws ModelError if the model is unusable, or `start-failed` */
  async start(): Promise<void> {
    const process = await ClassifierProcess.start(this.model, this.program, {
      onResults: (results) => this.#onResults(results),
      onEnd: (exit) => this.#onEnd(exit),
    });
    if (this.#closing) return process.end(0);
    this.#process = process;
    this.events.onRoom();
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get level(): OptimisationLevel | undefined {
    return this.#process?.level;
  }

  get outstanding(): number {
    return this.#outstanding.length;
  }

  get hasRoom(): boolean {
    return this.#process !== undefined && this.#outstanding.length < OUTSTANDING;
  }

  give(batch: Batch): void {
    this.#outstanding.push(batch);
    if (this.#outstanding.length === 1) this.#watch();
    this.#process?.send(batch.sources);
  }

  /** Ends the process; it has `waitMs` to finish a batch whose results nobody takes any more. */
  async close(waitMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    clearTimeout(this.#watchdog);
    await this.#process?.end(waitMs);
  }

  #onResults(results: readonly ChildResult[]): void {
    this.#failures = 0;
    const batch = this.#outstanding.shift();
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - this.#startedAt);
    this.#watch();
    batch?.settle(results);
    this.events.onRoom();
  }

  #onEnd(exit: ProcessExit): void {
    clearTimeout(this.#watchdog);
    this.#process = undefined;
    const [inWork, ...waiting] = this.#outstanding;
    this.#outstanding = [];
    if (this.#closing) return;
    const restartInMs = this.startLater();
    this.events.onExit({ ...exit, restartInMs });
    this.events.onLost(inWork, waiting);
  }

  /** Starts the process after a pause that grows from failure to failure. @returns the pause in ms */
  startLater(): number {
    this.#failures++;
    const delayMs = backoffMs(this.#failures, BACKOFF.classifierProcess);
    this.#restart = setTimeout(() => {
      this.start().catch((error: unknown) => {
        if (!this.#closing) this.events.onStartFailure(error, this.startLater());
      });
    }, delayMs);
    return delayMs;
  }

  // A batch that never ends would hold its crops for ever: its process is killed, and the batch bears the blame.
  #watch(): void {
    clearTimeout(this.#watchdog);
    if (this.#outstanding.length === 0) return;
    this.#startedAt = performance.now();
    this.#watchdog = setTimeout(() => this.#process?.kill(), this.#limitMs);
  }

  /** Far more than any batch has taken yet, so that one that stands still holds up the others for seconds only. */
  get #limitMs(): number {
    if (this.#slowestMs === 0) return this.batchLimitMs;
    return Math.min(this.batchLimitMs, Math.max(LEAST_LIMIT_MS, this.#slowestMs * PATIENCE));
  }
}
