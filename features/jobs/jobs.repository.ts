import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, JobsTable } from '../../libs/database/index.js';
import { noteChange } from '../outbox/index.js';

/** Work that takes long, with its progress. */
export interface Job {
  readonly id: string;
  readonly kind: JobsTable['kind'];
  readonly title: string;
  readonly state: JobsTable['state'];
  readonly done: number | null;
  /** Null where it is unknown. */
  readonly total: number | null;
  readonly unit: JobsTable['unit'];
  /** Who started it; null for a command. */
  readonly byName: string | null;
  /** Why it failed, or its result. */
  readonly message: string | null;
  readonly startedAtMs: number;
  readonly changedAtMs: number;
  readonly endedAtMs: number | null;
}

export interface NewJob {
  readonly kind: Job['kind'];
  readonly title: string;
  /** Who started it; left out for a command. */
  readonly by?: string | undefined;
  readonly unit?: Job['unit'];
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
  end: { readonly state: Exclude<Job['state'], 'running'>; readonly message?: string | undefined },
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

export async function findJob(db: Db, id: string): Promise<Job | undefined> {
  const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toJob(row);
}

/** Newest first. @param by only those that this person or key started */
export async function listJobs(db: Db, limit: number, by?: string): Promise<Job[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .$if(by !== undefined, (query) => query.where('by_name', '=', by as string))
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toJob);
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

// PostgreSQL returns large numbers as text.
const toJob = (row: Selectable<JobsTable>): Job => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  state: row.state,
  done: row.done === null ? null : Number(row.done),
  total: row.total === null ? null : Number(row.total),
  unit: row.unit,
  byName: row.by_name,
  message: row.message,
  startedAtMs: Number(row.started_at),
  changedAtMs: Number(row.changed_at),
  endedAtMs: row.ended_at === null ? null : Number(row.ended_at),
});
