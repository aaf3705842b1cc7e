import { setTimeout as delay } from 'node:timers/promises';
import { ClassifierPool, type ModelPackage, mayPass, type PoolOptions } from '../../libs/classifier/index.js';

/** `starting`: also while it is tried again. `failed`: the model cannot be used, and nothing is tried any more. */
export type ClassifierState = 'starting' | 'running' | 'failed';

export interface ClassifierSupervisorOptions extends PoolOptions {
  /** Between two attempts, growing from the first to the second figure; default 1 s to 5 min. */
  readonly retry?: { readonly firstMs: number; readonly lastMs: number };
  /** The first process is up. */
  onUp(): void;
  /** Not one process comes up, and it is tried again after `pauseMs`. */
  onFailure(error: unknown, failures: number, pauseMs: number): void;
  /** The model is unusable: the classifier does not run. */
  onUnusable(error: unknown): void;
}

const RETRY = { firstMs: 1000, lastMs: 300_000 };

/** Brings the classifier up, and tries again, ever more rarely, as long as what keeps it from running may pass. */
export class ClassifierSupervisor {
  private started: ClassifierPool | undefined;
  private isUnusable = false;
  private readonly ended = new AbortController();

  constructor(
    private readonly model: ModelPackage,
    private readonly options: ClassifierSupervisorOptions,
  ) {}

  get state(): ClassifierState {
    if (this.started?.pids.length) return 'running';
    return this.isUnusable ? 'failed' : 'starting';
  }

  /** Whoever takes crops; undefined while there is nobody. */
  get pool(): ClassifierPool | undefined {
    return this.state === 'failed' ? undefined : this.started;
  }

  /** Resolves when the classifier is up, or is given up. */
  async start(): Promise<void> {
    const { firstMs, lastMs } = this.options.retry ?? RETRY;
    const { signal } = this.ended;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        const pool = await ClassifierPool.start(this.model, {
          ...this.options,
          onStartFailure: (error, restartInMs) => this.noteRestart(error, restartInMs),
        });
        if (signal.aborted) return await pool.close();
        this.started = pool;
        return this.options.onUp();
      } catch (error) {
        if (signal.aborted) return;
        if (!mayPass(error)) return this.giveUp(error);
        const pauseMs = Math.min(lastMs, firstMs * 2 ** Math.min(failures - 1, 30));
        this.options.onFailure(error, failures, pauseMs);
        await delay(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Ends the processes; one that is just starting ends when it is up. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.started?.close();
  }

  private giveUp(error: unknown): void {
    this.isUnusable = true;
    this.options.onUnusable(error);
  }

  /** One of several, or one that had run: its own pool tries it again. */
  private noteRestart(error: unknown, restartInMs: number): void {
    if (!mayPass(error) && !this.isUnusable) this.giveUp(error);
    this.options.onStartFailure?.(error, restartInMs);
  }
}
