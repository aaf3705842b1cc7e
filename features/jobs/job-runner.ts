import type { Catalog } from '../../libs/database/index.js';
import { endJob, insertJob, type NewJob, updateProgress } from './jobs.repository.js';

/** What work tells of itself, and is told. */
export interface RunningJob {
  readonly id: string;
  /** Aborted when somebody cancels the job. */
  readonly signal: AbortSignal;
  /** Cheap: written to the catalog every half second at most. */
  progress(done: number, total?: number): void;
}

/** Thrown by work that stopped because its job was canceled. */
export class JobCanceledError extends Error {
  readonly code = 'canceled';

  constructor() {
    super('canceled');
  }
}

const WRITE_MS = 500;

/**
 * Runs long work with its progress in the catalog, where every page sees it, whichever process does the work.
 *
 * @param work its result is the job's message, where it is a text
 * @returns the job at once, and what comes of the work
 */
export async function runJob<T>(
  { db }: Pick<Catalog, 'db'>,
  job: NewJob,
  work: (running: RunningJob) => Promise<T>,
): Promise<{ readonly id: string; readonly result: Promise<T> }> {
  const id = await insertJob(db, job, Date.now());
  const stop = new AbortController();
  let latest: { done: number; total?: number | undefined } = { done: 0 };
  const write = async () => {
    const isCanceled = await updateProgress(db, id, latest, Date.now()).catch(() => false);
    if (isCanceled) stop.abort(new JobCanceledError());
  };
  // Also where nothing goes on: a job that says nothing is taken for one whose process was ended.
  const timer = setInterval(() => void write(), WRITE_MS).unref();
  const end = async (state: 'done' | 'failed' | 'canceled', message?: string) => {
    clearInterval(timer);
    if (state === 'done') await updateProgress(db, id, latest, Date.now()).catch(() => false);
    await endJob(db, id, { state, message }, Date.now());
  };
  const result = work({
    id,
    signal: stop.signal,
    progress: (done, total) => {
      latest = { done, total };
    },
  }).then(
    async (value) => {
      await end('done', typeof value === 'string' ? value : undefined);
      return value;
    },
    async (error: unknown) => {
      const isCanceled = stop.signal.aborted || error instanceof JobCanceledError;
      await (isCanceled ? end('canceled') : end('failed', messageOf(error)));
      throw error;
    },
  );
  return { id, result };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
