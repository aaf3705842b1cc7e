import type { Catalog } from '../../../libs/database/index.js';
import { type RunningJob, runJob } from '../../jobs/index.js';

/** Most downloads are over before anybody could look. */
const SHOWN_AFTER_MS = 1500;
const KINDS = { 'camtrap-dp': 'camtrap-dp', 'camtrap-dp-media': 'camtrap-dp', dwca: 'dwca' } as const;

interface Sent {
  /** Which kind of archive, as `Archives` names it. */
  readonly what: string;
  readonly fileName: string;
  readonly by: string;
  /** First byte, last byte, and length of the whole archive. */
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/**
 * The bytes of an archive as they come; one that takes long is listed among the jobs of whoever asked, with how much has
 * been sent. What is resumed goes on where it was.
 */
export async function* asJob(
  catalog: Pick<Catalog, 'db'>,
  { what, fileName, by, start, end, length }: Sent,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const beganMs = Date.now();
  let sent = start;
  let job: Awaited<ReturnType<typeof listed>> | undefined;
  try {
    for await (const chunk of chunks) {
      if (!job && Date.now() - beganMs > SHOWN_AFTER_MS)
        job = await listed(catalog, { kind: KINDS[what as keyof typeof KINDS] ?? 'download', fileName, by });
      job?.running.signal.throwIfAborted();
      job?.running.progress(sent, length);
      sent += chunk.length;
      yield chunk;
    }
  } finally {
    job?.running.progress(sent, length);
    await job?.end(sent > end ? undefined : new Error('interrupted; it can be resumed within a day'));
  }
}

async function listed(
  catalog: Pick<Catalog, 'db'>,
  { kind, fileName, by }: { kind: 'download' | 'camtrap-dp' | 'dwca'; fileName: string; by: string },
) {
  let finish: (error?: Error) => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    finish = (error) => (error ? reject(error) : resolve());
  });
  let running: RunningJob | undefined;
  const { result } = await runJob(catalog, { kind, title: fileName, by, unit: 'bytes' }, (job) => {
    running = job;
    return over;
  });
  return {
    running: running as unknown as RunningJob,
    end: async (error: Error | undefined) => {
      finish(error);
      // The job says so; the download itself ends as it does.
      await result.catch(() => {});
    },
  };
}
