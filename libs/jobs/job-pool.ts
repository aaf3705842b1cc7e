import { JobLimitError, JobProcess } from './job-process.js';
import type { JobLimits } from './messages.js';

export interface JobPoolOptions {
  /** The compiled program; it calls `serveJobs`. */
  readonly program: URL;
  /** Child processes, which is how many jobs run at once; default 1. One group has all but one of them at most. */
  readonly processes?: number;
  /** Jobs that may wait; default 200. */
  readonly waitingAtMost?: number;
  /** Default: 10 s of processor time and 700 MB; a picture of 40 megapixels takes 1.3 s and 415 MB at most. */
  readonly limits?: Partial<JobLimits>;
  /** A backstop for what takes no processor time; default 60 s. */
  readonly wallMs?: number;
  /** After this without a job a process ends; default 60 s. */
  readonly idleMs?: number;
}

/** Too many jobs wait. */
export class JobsBusyError extends Error {
  override readonly name = 'JobsBusyError';
}

const LIMITS: JobLimits = { cpuMs: 10_000, memoryBytes: 700_000_000 };
const WALL_MS = 60_000;
const IDLE_MS = 60_000;
const WAITING_AT_MOST = 200;

interface Waiting {
  readonly group: string;
  prepare(): unknown;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Runs work on bytes of strangers in child processes that are ended when it takes too much: whatever a picture does to
 * its decoder, it costs that picture only. Jobs of several groups, such as traps, take turns, so that those of one
 * cannot hold up those of the others.
 *
 * The caller closes it.
 */
export class JobPool<Job, Result> {
  private readonly free: JobProcess[];
  private readonly all: readonly JobProcess[];
  /** By group; the group that waits longest for its turn comes first. */
  private readonly waiting = new Map<string, Waiting[]>();
  /** How many jobs of a group are at work. */
  private readonly running = new Map<string, number>();
  private waitingJobs = 0;
  private isClosed = false;

  constructor(private readonly options: JobPoolOptions) {
    const { program, processes = 1, wallMs = WALL_MS, idleMs = IDLE_MS } = options;
    const limits = { ...LIMITS, ...options.limits };
    this.all = Array.from({ length: processes }, () => new JobProcess(program, limits, wallMs, idleMs));
    this.free = [...this.all];
  }

  /** The processes that are up. */
  get pids(): number[] {
    return this.all.flatMap(({ pid }) => pid ?? []);
  }

  /**
   * @param prepare gives the job when its turn has come; what it throws is passed on
   * @param group whose job it is
   * @throws JobLimitError; JobsBusyError; what the program throws, by its name, message and code
   */
  run(prepare: () => Job | Promise<Job>, group = ''): Promise<Result> {
    if (this.isClosed) return Promise.reject(new Error('the pool of processes is closed'));
    if (this.waitingJobs >= (this.options.waitingAtMost ?? WAITING_AT_MOST))
      return Promise.reject(new JobsBusyError('too many jobs wait'));
    return new Promise((resolve, reject) => {
      const jobs = this.waiting.get(group) ?? [];
      jobs.push({ group, prepare, resolve: (result) => resolve(result as Result), reject });
      this.waiting.set(group, jobs);
      this.waitingJobs += 1;
      this.next();
    });
  }

  /**
   * The same, but a job whose process crashed is run once more: the process may have been ended for another reason, and
   * only what ends two processes is to blame.
   */
  async runAgainAfterCrash(prepare: () => Job | Promise<Job>, group?: string): Promise<Result> {
    try {
      return await this.run(prepare, group);
    } catch (error) {
      if (error instanceof JobLimitError && error.over === 'crash') return this.run(prepare, group);
      throw error;
    }
  }

  /** Ends the processes at once; jobs that wait or run are rejected. */
  close(): void {
    this.isClosed = true;
    const waiting = [...this.waiting.values()].flat();
    this.waiting.clear();
    for (const { reject } of waiting) reject(new Error('the pool of processes was closed'));
    for (const process of this.all) process.close();
  }

  private next(): void {
    for (;;) {
      const next = this.free.length ? this.take() : undefined;
      if (!next) return;
      void this.work(this.free.pop() as JobProcess, next);
    }
  }

  private async work(process: JobProcess, { group, prepare, resolve, reject }: Waiting): Promise<void> {
    this.running.set(group, this.runningOf(group) + 1);
    await Promise.resolve()
      .then(prepare)
      .then((job) => process.run(job))
      .then(resolve, reject);
    const left = this.runningOf(group) - 1;
    if (left) this.running.set(group, left);
    else this.running.delete(group);
    this.free.push(process);
    this.next();
  }

  /** What comes next of the group that has waited longest for a turn and may have one. */
  private take(): Waiting | undefined {
    for (const [group, jobs] of this.waiting) {
      if (this.runningOf(group) >= Math.max(1, this.all.length - 1)) continue;
      this.waiting.delete(group);
      const first = jobs.shift();
      if (jobs.length) this.waiting.set(group, jobs);
      this.waitingJobs -= 1;
      return first;
    }
    return undefined;
  }

  private readonly runningOf = (group: string): number => this.running.get(group) ?? 0;
}
