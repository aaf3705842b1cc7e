import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Asker, type Caller } from '../access.js';
import { ExportJobs } from '../exports/export-jobs.js';
import { Documented, inParts } from '../openapi/documented.js';
import { FILTER_QUERY, type RunFilterQuery } from '../run-query.js';
import { writeArchive } from './write-archive.js';

/** Visits as GBIF takes them. */
@Controller('api/v1/downloads')
export class DarwinCoreController {
  constructor(@Inject(ExportJobs) private readonly jobs: ExportJobs) {}

  @Documented({
    tag: 'Downloads',
    summary: 'Visits of insects as a Darwin Core Archive',
    description:
      'One occurrence per visit, with its pictures as multimedia. Left out are what is no insect, what is unsure, and ' +
      'what is not classified yet. Places are rounded to 0.1 degree, but for editors.',
    answers: inParts('application/zip', 'The archive'),
    problems: [416, 507],
  })
  @Get('dwca.zip')
  async archive(
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
    @Asker() asker: Caller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.jobs.send(request, response, asker, { what: 'dwca', query, write: writeArchive });
  }
}
