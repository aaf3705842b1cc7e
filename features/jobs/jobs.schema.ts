import { z } from 'zod';
import { count, instant, iso, isoOrNull } from '../http/index.js';
import type { Job } from './jobs.repository.js';

export const JOB = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['model-install', 'reclassify', 'backup', 'download', 'camtrap-dp', 'dwca']),
    title: z.string(),
    state: z.enum(['running', 'done', 'failed', 'canceled']),
    done: count().nullable(),
    total: count().nullable().meta({ description: 'Null where nobody knows how much it is' }),
    unit: z.enum(['bytes', 'runs', 'crops', 'files']).nullable(),
    by: z.string().nullable().meta({ description: 'Who started it; null for a command' }),
    message: z.string().nullable().meta({ description: 'Why it failed, or what came of it' }),
    startedAt: instant(),
    changedAt: instant(),
    endedAt: instant().nullable(),
    canCancel: z.boolean(),
  })
  .meta({ id: 'Job', description: 'Work that takes long' });

export const JOBS = z.strictObject({ items: z.array(JOB) });

export const EXAMPLE_JOB: z.output<typeof JOB> = {
  id: '8f6f0c1e-2f0b-4b7e-9d36-2f5c3a1b7e10',
  kind: 'model-install',
  title: 'efficientnet-b0-insect-detect',
  state: 'running',
  done: 4_200_000,
  total: 16_284_113,
  unit: 'bytes',
  by: 'anna',
  message: null,
  startedAt: '2026-06-01T08:00:00.000Z',
  changedAt: '2026-06-01T08:00:04.000Z',
  endedAt: null,
  canCancel: true,
};

export const presentJob = (job: Job): z.output<typeof JOB> => ({
  id: job.id,
  kind: job.kind,
  title: job.title,
  state: job.state,
  done: job.done,
  total: job.total,
  unit: job.unit,
  by: job.byName,
  message: job.message,
  startedAt: iso(job.startedAtMs),
  changedAt: iso(job.changedAtMs),
  endedAt: isoOrNull(job.endedAtMs),
  // A download belongs to the browser: it is canceled there.
  canCancel: job.state === 'running' && job.kind !== 'download',
});
