import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { VERSION } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import type { ObservedRun, RunId } from '../../../libs/domain/index.js';
import { CurrentUser, type Principal, Scans, seesExactPlaces } from '../../accounts/index.js';
import { ApiDoc, type Documentation, empty, FileLinks, file } from '../../http/index.js';
import { FILTER_QUERY, RUN_PARAMS, type RunFilterQuery, RunsService, runFilter } from '../../runs/index.js';
import { Taxa } from '../../taxa/index.js';
import { ARCHIVE_HEADERS, RANGE_HEADERS } from '../download-headers.js';
import { factsOf, fileName, filterText } from '../file-name.js';
import { runColumns } from '../tables/runs-table.js';
import { runsOf } from '../tables/table-pages.js';
import { Archives } from './archives.service.js';
import { listImages } from './list-images.js';

const ANSWERS: Documentation['answers'] = {
  200: file('application/zip', 'The archive', { headers: ARCHIVE_HEADERS }),
  206: file('application/zip', 'The part that was asked for', {
    headers: { ...ARCHIVE_HEADERS, 'Content-Range': 'Which part' },
  }),
  304: empty('Nothing has changed since'),
};

const HOW = `Stored, not deflated: \`<date>/<trap>/<run>/<crop>.jpg\`, \`runs.csv\` and \`README.txt\`. Its length is known, and its
list stays as it is: a download that broke off is resumed with \`Range\` for 24 hours, also while new pictures come.`;

const IMAGES_ZIP: Documentation = {
  tag: 'Downloads',
  summary: 'Pictures as a ZIP',
  description: HOW,
  answers: ANSWERS,
  headers: RANGE_HEADERS,
  problems: [416, 507],
};

const IMAGES_OF_RUN_ZIP: Documentation = {
  tag: 'Downloads',
  summary: 'The pictures of one run as a ZIP',
  description: HOW,
  answers: ANSWERS,
  headers: RANGE_HEADERS,
  problems: [416, 507],
};

/** Pictures as archives. */
@Controller('api/v1')
export class ImageArchivesController {
  constructor(
    private readonly catalog: Catalog,
    private readonly runs: RunsService,
    private readonly links: FileLinks,
    private readonly archives: Archives,
    private readonly taxa: Taxa,
  ) {}

  @ApiDoc(IMAGES_ZIP)
  @Scans('download')
  @Get('downloads/images.zip')
  async ofMany(
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const runs = () => runsOf(this.catalog, runFilter(query));
    await this.send(request, response, user, filterText(query), fileName('images', query, 'zip'), runs);
  }

  @ApiDoc(IMAGES_OF_RUN_ZIP)
  @Scans('download')
  @Get('runs/:trapId/:runId/images.zip')
  async ofOne(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.runs.expect(run);
    const filter = new URLSearchParams({ trap: run.trapId, run: run.runId }).toString();
    const name = `trapline-images_${run.trapId}_${run.runId}.zip`;
    await this.send(request, response, user, filter, name, async function* () {
      yield [found];
    });
  }

  private async send(
    request: Request,
    response: Response,
    user: Principal,
    filter: string,
    fileName: string,
    runs: () => AsyncIterable<readonly ObservedRun[]>,
  ): Promise<void> {
    const exact = seesExactPlaces(user);
    const columns = runColumns(exact, this.links, await this.taxa.read());
    return this.archives.send(request, response, {
      what: 'images',
      caller: user,
      filter: { filter, exact },
      fileName,
      headers: factsOf(filter, VERSION),
      fill: (list, stopped) => {
        const facts = { filter, atMs: Date.now(), version: VERSION, exactPlaces: exact };
        return listImages({ db: this.catalog.reader, runs: runs(), columns, facts }, list, stopped);
      },
    });
  }
}
