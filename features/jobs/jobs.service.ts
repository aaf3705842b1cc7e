import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Catalog } from '../../libs/database/index.js';
import { hasRole, type Principal } from '../accounts/index.js';
import { notFound } from '../http/index.js';
import { LOG } from '../platform/index.js';
import { findJob, type Job, listJobs, removeJob, requestCancel, sweepJobs } from './jobs.repository.js';
import { presentJob } from './jobs.schema.js';

const SHOWN = 100;
/** A job writes twice a second; a machine under load may take longer. */
const SILENT_MS = 60_000;
const KEPT_MS = 7 * 86_400_000;

@Injectable()
export class JobsService {
  constructor(
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Administrators see all jobs, others those that they started. */
  async list(user: Principal) {
    const { db, reader } = this.catalog;
    const nowMs = Date.now();
    await sweepJobs(db, { silentSinceMs: nowMs - SILENT_MS, endedBeforeMs: nowMs - KEPT_MS, nowMs });
    const jobs = await listJobs(reader, SHOWN, hasRole(user, 'admin') ? undefined : user.name);
    return { items: jobs.map(presentJob) };
  }

  /** Cancels a job that is running; removes another one from the list. */
  async end(id: string, user: Principal): Promise<void> {
    const { db } = this.catalog;
    const job = await findJob(db, id);
    if (!job || !mayEnd(user, job)) throw notFound(`There is no job ${id}.`);
    await (job.state === 'running' ? requestCancel(db, id) : removeJob(db, id));
    this.log.info({ by: user.name, job: id, kind: job.kind }, 'a job was ended');
  }
}

const mayEnd = (user: Principal, job: Job): boolean => hasRole(user, 'admin') || job.byName === user.name;
