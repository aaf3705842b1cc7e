import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, JobsTable } from '../../libs/database/index.js';
import { noteChange } from '../outbox/index.js';

export type JobRow = Selectable<JobsTable>;

export interface NewJob {
  readonly kind: JobRow['kind'];
  readonly title: string;
  /** Who started it; left out for a command. */
  readonly by?: string | undefined;
  readonly unit?: JobRow['unit'];
  readonly total?: number | undefined;
}

export async function insertJob(db: Db, job: NewJob, nowMs: number): Promise<string> {
  const id = randomUUID();
  await db
    .insertInto('jobs')
    .values({
      id,
      kind: job.kind,
      title: job.title,
      state: 'running',
      done: null,
      total: job.total ?? null,
      unit: job.unit ?? null,
      by_name: job.by ?? null,
      message: null,
      cancel_requested: 0,
      started_at: nowMs,
      changed_at: nowMs,
      ended_at: null,
    })
    .execute();
  await noteJob(db, id, 'running');
  return id;
}

/** @returns whether the job should stop: somebody canceled it, or removed it */
export async function updateProgress(
  db: Db,
  id: string,
  { done, total }: { readonly done: number; readonly total?: number | undefined },
  nowMs: number,
): Promise<boolean> {
  const row = await db
    .updateTable('jobs')
    .set({ done, ...(total !== undefined && { total }), changed_at: nowMs })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('cancel_requested')
    .executeTakeFirst();
  await noteJob(db, id, 'running');
  return row === undefined || row.cancel_requested === 1;
}

export async function endJob(
  db: Db,
  id: string,
  end: { readonly state: Exclude<JobRow['state'], 'running'>; readonly message?: string | undefined },
  nowMs: number,
): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ state: end.state, message: end.message ?? null, changed_at: nowMs, ended_at: nowMs })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
  await noteJob(db, id, end.state);
}

export function findJob(db: Db, id: string): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest first. @param by only those that this person or key started */
export function listJobs(db: Db, limit: number, by?: string): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .$if(by !== undefined, (query) => query.where('by_name', '=', by as string))
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function requestCancel(db: Db, id: string): Promise<void> {
  await db.updateTable('jobs').set({ cancel_requested: 1 }).where('id', '=', id).execute();
}

export async function removeJob(db: Db, id: string): Promise<void> {
  await db.deleteFrom('jobs').where('id', '=', id).execute();
  await noteJob(db, id, 'removed');
}

/**
 * Ends what nobody works at any more, since its process was ended, and forgets what was over long ago.
 *
 * @param silentSinceMs a running job that has said nothing since then has no process
 */
export async function sweepJobs(
  db: Db,
  { silentSinceMs, endedBeforeMs, nowMs }: { silentSinceMs: number; endedBeforeMs: number; nowMs: number },
): Promise<void> {
  const lost = await db
    .selectFrom('jobs')
    .select('id')
    .where('state', '=', 'running')
    .where('changed_at', '<', silentSinceMs)
    .execute();
  for (const { id } of lost)
    await endJob(db, id, { state: 'failed', message: 'the process that did it has ended' }, nowMs);
  await db.deleteFrom('jobs').where('ended_at', '<', endedBeforeMs).execute();
}

const noteJob = (db: Db, item: string, state: string): Promise<void> =>
  noteChange(db, { kind: 'job', trap_id: '', item, state });
