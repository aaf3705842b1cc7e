import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser, type Principal, Scans } from '../../accounts/index.js';
import { ApiDoc, rangeable } from '../../http/index.js';
import { FILTER_QUERY, type RunFilterQuery } from '../../runs/index.js';
import { ExportJobs } from '../export-jobs.js';
import { writeArchive } from './write-archive.js';

/** Visits as GBIF takes them. */
@Controller('api/v1/downloads')
export class DarwinCoreController {
  constructor(private readonly jobs: ExportJobs) {}

  @ApiDoc({
    tag: 'Downloads',
    summary: 'Visits of insects as a Darwin Core Archive',
    description:
      'One occurrence per visit, with its pictures as multimedia. Left out are what is no insect, what is unsure, and ' +
      'what is not classified yet. Places are rounded to 0.1 degree, but for editors.',
    answers: rangeable('application/zip', 'The archive'),
    problems: [416, 507],
  })
  @Scans('download')
  @Get('dwca.zip')
  async archive(
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.jobs.send(request, response, user, { what: 'dwca', query, write: writeArchive });
  }
}
