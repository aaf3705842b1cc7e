import { BACKOFF, type Backoff, retry } from '../../libs/async/index.js';
import { ClassifierPool, type ModelPackage, mayPass, type PoolOptions } from '../../libs/classifier/index.js';

/** `starting`: also while it is tried again. `failed`: the model cannot be used, and nothing is tried any more. */
export type ClassifierState = 'starting' | 'running' | 'failed';

export interface ClassifierSupervisorOptions extends PoolOptions {
  readonly backoff?: Backoff;
  /** The first process is up. */
  onUp(): void;
  /** Not one process comes up, and it is tried again after `pauseMs`. */
  onFailure(error: unknown, failures: number, pauseMs: number): void;
  /** The model is unusable: the classifier does not run. */
  onUnusable(error: unknown): void;
}

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
    const { backoff = BACKOFF.classifier, onFailure, onUp } = this.options;
    const { signal } = this.ended;
    try {
      const pool = await retry(() => this.startPool(), { backoff, mayPass, onFailure, signal });
      if (signal.aborted) return await pool.close();
      this.started = pool;
      onUp();
    } catch (error) {
      if (!signal.aborted) this.giveUp(error);
    }
  }

  private startPool(): Promise<ClassifierPool> {
    return ClassifierPool.start(this.model, {
      ...this.options,
      onStartFailure: (error, restartInMs) => this.noteRestart(error, restartInMs),
    });
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
