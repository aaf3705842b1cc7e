import { Controller, Delete, Get, HttpCode, Inject, Param } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import { CurrentUser, hasRole, type Principal, TrapLimit } from '../accounts/index.js';
import { ApiDoc, empty, json, notFound } from '../http/index.js';
import { LOG } from '../platform/index.js';
import { findJob, type JobRow, listJobs, removeJob, requestCancel, sweepJobs } from './jobs.repository.js';
import { EXAMPLE_JOB, JOBS, jobView } from './jobs.schema.js';

const JOB_PARAMS = z.object({
  id: z
    .string()
    .max(64, { error: 'must be the id of a job' })
    .meta({ wire: { type: 'string', examples: [EXAMPLE_JOB.id] } }),
});
const SHOWN = 100;
/** A job writes twice a second; a machine under load may take longer. */
const SILENT_MS = 60_000;
const KEPT_MS = 7 * 86_400_000;

/** Work that takes long, and how far it is. */
@TrapLimit('not-needed')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @ApiDoc({
    tag: 'Operation',
    summary: 'Work that takes long, newest first',
    description: 'Administrators see all of it, others what they started. What is over is listed for a week.',
    answers: { 200: json(JOBS, { items: [EXAMPLE_JOB] }) },
  })
  @Get()
  async list(@CurrentUser() caller: Principal) {
    const { db, reader } = this.catalog;
    const nowMs = Date.now();
    await sweepJobs(db, { silentSinceMs: nowMs - SILENT_MS, endedBeforeMs: nowMs - KEPT_MS, nowMs });
    const rows = await listJobs(reader, SHOWN, hasRole(caller, 'admin') ? undefined : caller.name);
    return { items: rows.map(jobView) };
  }

  @ApiDoc({
    tag: 'Operation',
    summary: 'Cancel a job, or forget one that is over',
    answers: { 204: empty('It ends soon, or is not listed any more') },
  })
  @Delete(':id')
  @HttpCode(204)
  async end(
    @Param({ schema: JOB_PARAMS }) { id }: z.output<typeof JOB_PARAMS>,
    @CurrentUser() caller: Principal,
  ): Promise<void> {
    const { db } = this.catalog;
    const job = await findJob(db, id);
    if (!job || !mayEnd(caller, job)) throw notFound(`There is no job ${id}.`);
    await (job.state === 'running' ? requestCancel(db, id) : removeJob(db, id));
    this.log.info({ by: caller.name, job: id, kind: job.kind }, 'a job was ended');
  }
}

const mayEnd = (caller: Principal, job: JobRow): boolean =>
  hasRole(caller, 'admin') || job.by_name === caller.name;
