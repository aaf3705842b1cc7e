import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CurrentUser, type Principal, Scans } from '../../accounts/index.js';
import { ApiDoc, described, flag, rangeable } from '../../http/index.js';
import { RUN_FILTER } from '../../runs/index.js';
import { ExportJobs } from '../export-jobs.js';
import { VERSION } from './descriptor.js';
import { writePackage } from './write-package.js';

const PACKAGE_QUERY = z.object({
  ...RUN_FILTER,
  media: described(
    flag(),
    'With the pictures, in `media/`; otherwise the package names their URLs',
  ).optional(),
});

/** Visits as the researchers' programs for camera traps read them. */
@Controller('api/v1/downloads')
export class CamtrapDpController {
  constructor(private readonly jobs: ExportJobs) {}

  @ApiDoc({
    tag: 'Downloads',
    summary: `Visits as a Camtrap DP ${VERSION}`,
    description:
      'A data package with deployments, media, observations and sessions. Each visit is one event-level observation; ' +
      'what the model said of single pictures are media-level observations. Places are rounded to 0.1 degree, but for ' +
      'editors. The same download can be resumed (`Range`) for a day.',
    answers: rangeable('application/zip', 'The package'),
    problems: [416, 507],
  })
  @Scans('download')
  @Get('camtrap-dp.zip')
  async camtrapDp(
    @Query({ schema: PACKAGE_QUERY }) { media, ...query }: z.output<typeof PACKAGE_QUERY>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const withMedia = media === true;
    await this.jobs.send(request, response, user, {
      what: withMedia ? 'camtrap-dp-media' : 'camtrap-dp',
      query,
      options: { withMedia },
      write: (job, list, stopped) => writePackage({ ...job, withMedia }, list, stopped),
    });
  }
}
