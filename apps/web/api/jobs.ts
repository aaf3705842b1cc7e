import { useEvents } from './events.js';
import { refresh, useAnswer } from './query.js';

/** Long work of the service, and how far it is. */
export interface Job {
  readonly id: string;
  readonly kind: 'model-install' | 'reclassify' | 'backup' | 'download' | 'camtrap-dp' | 'dwca';
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed' | 'canceled';
  readonly done: number | null;
  readonly total: number | null;
  readonly unit: string | null;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly endedAt: string | null;
  readonly by: string | null;
  readonly message: string | null;
  readonly canCancel: boolean;
}

/** The jobs of some kinds, newest first, as they go on. */
export function useJobs(kinds: readonly Job['kind'][]) {
  const answer = useAnswer<{ readonly items: readonly Job[] }>('/jobs');
  useEvents(({ kind }) => {
    if (kind === 'job' || kind === 'poll' || kind === 'resync') refresh('/jobs');
  });
  return { ...answer, jobs: answer.data?.items.filter(({ kind }) => kinds.includes(kind)) ?? [] };
}

/** Milliseconds until a job is done if it goes on at its present rate; undefined while that is unknown. */
export function timeLeftMs({ done, total, startedAt }: Job, nowMs: number): number | undefined {
  if (!done || !total || done >= total) return undefined;
  const takenMs = nowMs - Date.parse(startedAt);
  return takenMs < 2000 ? undefined : (takenMs / done) * (total - done);
}
