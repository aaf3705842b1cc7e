import { setPriority } from 'node:os';
import type { FromJobProcess, JobLimits, ToJobProcess } from './messages.js';

const WATCH_EVERY_MS = 20;
const NICENESS = 19;

/**
 * Makes this program the child of a `JobPool`. `work` must leave the event loop free (the work itself belongs on
 * libuv's threads, where sharp does it), since the limits are watched from here. It ends when its parent is gone.
 *
 * @param work errors that it throws reach whoever gave the job, with their name, message and code
 */
export function serveJobs<Job, Result>(work: (job: Job) => Promise<Result>): void {
  process.on('message', ({ job, limits }: ToJobProcess) => {
    const watch = watchLimits(limits);
    const answer = (message: FromJobProcess) => {
      clearInterval(watch);
      send(message);
    };
    work(job as Job).then(
      (result) => answer({ type: 'done', result }),
      ({ name, message, code }: Error & { code?: string }) =>
        answer({ type: 'failed', name, message, ...(code && { code }) }),
    );
  });
  process.on('disconnect', end);
  // A terminal sends them to the whole group: the parent decides when this process ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  try {
    setPriority(NICENESS);
  } catch {
    // Not allowed everywhere, and only a courtesy.
  }
}

function watchLimits({ cpuMs, memoryBytes }: JobLimits): NodeJS.Timeout {
  const before = process.cpuUsage();
  return setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    const over =
      (user + system) / 1000 > cpuMs
        ? 'time'
        : process.memoryUsage.rss() > memoryBytes
          ? 'memory'
          : undefined;
    if (over) send({ type: 'limit', over }, end);
  }, WATCH_EVERY_MS);
}

/** Not `exit`, which waits for the threads that are at work. */
const end = () => process.kill(process.pid, 'SIGKILL');

function send(message: FromJobProcess, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, sent);
  else sent();
}
