import { type ChildProcess, fork } from 'node:child_process';
import type { FromJobProcess, JobLimits, ToJobProcess } from './messages.js';

/** A job was ended, or ended its process: a verdict on what it worked on, but for `crash`, which may have other causes. */
export class JobLimitError extends Error {
  override readonly name = 'JobLimitError';

  constructor(readonly over: 'time' | 'memory' | 'crash') {
    super(
      over === 'crash'
        ? 'it ended the process that worked on it'
        : `it needs more ${over === 'time' ? 'processor time' : 'memory'} than any work may take`,
    );
  }
}

interface Current {
  resolve(result: unknown): void;
  reject(error: Error): void;
  readonly limit: NodeJS.Timeout;
}

/** One child process that works on one job at a time. Started with its first job, and anew after it ended. */
export class JobProcess {
  private child: ChildProcess | undefined;
  private current: Current | undefined;
  private idle: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly program: URL,
    private readonly limits: JobLimits,
    private readonly wallMs: number,
    private readonly idleMs: number,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** @throws JobLimitError; what the program throws; Error where no process can be started */
  run(job: unknown): Promise<unknown> {
    if (this.isClosed) return Promise.reject(new Error('the pool of processes was closed'));
    clearTimeout(this.idle);
    return new Promise((resolve, reject) => {
      const child = this.child ?? this.start();
      const limit = setTimeout(() => this.give(child, new JobLimitError('time')), this.wallMs);
      this.current = { resolve, reject, limit };
      child.send({ job, limits: this.limits } satisfies ToJobProcess, () => {});
    });
  }

  /** Ends the process at once; the job that it works on is rejected. */
  close(): void {
    this.isClosed = true;
    this.end();
    this.settle(({ reject }) => reject(new Error('the process was ended')));
    clearTimeout(this.idle);
  }

  private start(): ChildProcess {
    // The parent's own flags (a debugger's port, a test runner's loader) are not for the child.
    const child = fork(this.program, {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=64'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.unref();
    child.channel?.unref();
    child.on('message', (message: FromJobProcess) => this.take(child, message));
    child.on('exit', () => this.give(child, new JobLimitError('crash')));
    child.on('error', (error) => this.give(child, error));
    this.child = child;
    return child;
  }

  private take(child: ChildProcess, message: FromJobProcess): void {
    if (child !== this.child) return;
    if (message.type === 'limit') this.give(child, new JobLimitError(message.over));
    else if (message.type === 'done') this.settle(({ resolve }) => resolve(message.result));
    else {
      const { name, message: text, code } = message;
      this.settle(({ reject }) => reject(Object.assign(new Error(text), { name, code })));
    }
  }

  /** The process is given up, and its job with it. */
  private give(child: ChildProcess, error: Error): void {
    if (child !== this.child) return;
    this.end();
    this.settle(({ reject }) => reject(error));
  }

  private settle(how: (current: Current) => void): void {
    const { current } = this;
    this.current = undefined;
    clearTimeout(current?.limit);
    this.idle = setTimeout(() => this.end(), this.idleMs).unref();
    if (current) how(current);
  }

  private end(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }
}
