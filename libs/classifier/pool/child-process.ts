import { type ChildProcess, fork } from 'node:child_process';
import type { ModelCard } from '../card/card.js';
import { ModelError, type ModelErrorCode } from '../card/model-error.js';
import type { ModelPackage } from '../card/model-folders.js';
import type { OptimisationLevel } from '../optimise/level.js';
import type { CropResult } from './crop-result.js';

/** How a classifier process ended. */
export interface ProcessExit {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a classifier process runs. */
export interface ChildProgram {
  /** the compiled child.js */
  readonly file: URL;
  /** whether it may rewrite the graph of the model */
  readonly rewrites: boolean;
}

interface Events {
  onResults(results: readonly ChildResult[]): void;
  /** once, after everything that the process still sent */
  onEnd(exit: ProcessExit): void;
}

// Loading takes a second or two; a machine under load may take many times that.
const START_LIMIT_MS = 120_000;

/**
 * A network's weights and buffers are some 100 MB that every batch goes through: with pages of 2 MB where the system has
 * them (Linux with glibc 2.35 or newer; others ignore it) a batch takes 3 % less time.
 */
const withLargePages = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...env,
  GLIBC_TUNABLES: [env['GLIBC_TUNABLES'], 'glibc.malloc.hugetlb=1'].filter(Boolean).join(':'),
});

/** The parent's end of one classifier process, which has loaded the model and takes batches. */
export class ClassifierProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(
    child: ChildProcess,
    ended: Promise<void>,
    readonly level: OptimisationLevel,
  ) {
    this.#child = child;
    this.#ended = ended;
  }

  /**
   * Starts a process and waits until the model is loaded and warm.
   *
   * @throws ModelError if the model is unusable, or the process ends before it is ready
   */
  static start(
    model: ModelPackage,
    { file, rewrites }: ChildProgram,
    events: Events,
  ): Promise<ClassifierProcess> {
    // The parent's own flags (a debugger's port, a test runner's loader) are not for the child.
    const child = fork(file, {
      serialization: 'advanced',
      execArgv: [],
      env: withLargePages(process.env),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      let exit: Omit<ProcessExit, 'pid'> | undefined;
      let ready = false;
      let isOver = false;
      const impatience = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
      let over: () => void;
      const ended = new Promise<void>((done) => {
        over = done;
      });
      const end = (): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(impatience);
        over();
        if (ready)
          events.onEnd({ pid: child.pid ?? 0, code: exit?.code ?? null, signal: exit?.signal ?? null });
        const how = exit?.signal ?? `code ${exit?.code}`;
        reject(
          new ModelError('start-failed', `the classifier process ended while it loaded the model (${how})`),
        );
      };
      child.on('message', (message: FromChild) => {
        if (message.type === 'results') events.onResults(message.results);
        else if (message.type === 'ready') {
          ready = true;
          clearTimeout(impatience);
          resolve(new ClassifierProcess(child, ended, message.level));
        } else {
          child.disconnect();
          reject(new ModelError(message.code, message.message));
        }
      });
      // Only when the channel is drained, too, is it known which batches were answered.
      child.on('disconnect', () => exit && end());
      child.on('exit', (code, signal) => {
        exit = { code, signal };
        if (!child.connected) end();
      });
      child.on('error', (error) => {
        if (child.pid === undefined) clearTimeout(impatience);
        reject(new ModelError('start-failed', `cannot start a process: ${error.message}`));
      });
      send(child, { type: 'open', modelPath: model.modelPath, card: model.card, rewrites });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Hands over a batch. If the process is gone already, `onEnd` will say so. */
  send(sources: readonly Source[]): void {
    send(this.#child, { type: 'batch', sources });
  }

  /** Ends the process at once, also in the middle of a batch. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Lets the process finish what it has, for at most `waitMs`. */
  async end(waitMs: number): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.kill(), waitMs);
    await this.#ended;
    clearTimeout(timer);
  }
}

function send(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => {});
}

/**
 * An image to classify: a path that the child reads, the bytes themselves, or its pixels as the model takes them, of
 * length height × width × 3.
 */
export type Source = {
  readonly key: string;
  /** How many labels are ranked; the default where nothing is said. */
  readonly top?: number | undefined;
} & (
  | {
      readonly path: string;
      readonly crc32?: number | undefined;
      readonly bytes?: undefined;
      readonly pixels?: undefined;
    }
  | { readonly path?: undefined; readonly bytes: Uint8Array; readonly pixels?: undefined }
  | { readonly path?: undefined; readonly bytes?: undefined; readonly pixels: Uint8Array }
);

/** No answer yet: the image must be decoded apart (see `DecodeApart`), and comes again as pixels. */
interface Deferred {
  readonly key: string;
  readonly state: 'deferred';
}

export type ChildResult = CropResult | Deferred;

/** Parent to child. Batches are answered in the order in which they came. */
export type ToChild =
  | {
      readonly type: 'open';
      readonly modelPath: string;
      readonly card: ModelCard;
      readonly rewrites: boolean;
    }
  | { readonly type: 'batch'; readonly sources: readonly Source[] };

/** Child to parent. */
export type FromChild =
  | { readonly type: 'ready'; readonly level: OptimisationLevel }
  | { readonly type: 'unusable'; readonly code: ModelErrorCode; readonly message: string }
  | { readonly type: 'results'; readonly results: readonly ChildResult[] };
