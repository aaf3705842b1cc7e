import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { z } from 'zod';
import { CurrentUser, type Principal, TrapLimit } from '../accounts/index.js';
import { ApiDoc, empty, json } from '../http/index.js';
import { EXAMPLE_JOB, JOBS } from './jobs.schema.js';
import { JobsService } from './jobs.service.js';

const JOB_PARAMS = z.object({
  id: z
    .string()
    .max(64, { error: 'must be the id of a job' })
    .meta({ wire: { type: 'string', examples: [EXAMPLE_JOB.id] } }),
});

/** Work that takes long, and how far it is. */
@TrapLimit('not-needed')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @ApiDoc({
    tag: 'Operation',
    summary: 'Work that takes long, newest first',
    description: 'Administrators see all of it, others what they started. What is over is listed for a week.',
    answers: { 200: json(JOBS, { items: [EXAMPLE_JOB] }) },
  })
  @Get()
  list(@CurrentUser() user: Principal) {
    return this.jobs.list(user);
  }

  @ApiDoc({
    tag: 'Operation',
    summary: 'Cancel a job, or forget one that is over',
    answers: { 204: empty('It ends soon, or is not listed any more') },
  })
  @Delete(':id')
  @HttpCode(204)
  end(
    @Param({ schema: JOB_PARAMS }) { id }: z.output<typeof JOB_PARAMS>,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    return this.jobs.end(id, user);
  }
}
