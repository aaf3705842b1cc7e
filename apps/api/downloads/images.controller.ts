import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { findRun, type RunWithObservation } from '../../../libs/catalog/index.js';
import type { RunId } from '../../../libs/domain/index.js';
import { Asker, type Caller, seesExactPlaces } from '../access.js';
import { missingRun } from '../deletions/missing.js';
import { publicAddress } from '../exports/public-address.js';
import { Links } from '../links.js';
import { Documented } from '../openapi/documented.js';
import { NO_PARAMETERS } from '../parameters.js';
import { type ApiParts, PARTS } from '../parts.js';
import { FILTER_QUERY, RUN_PARAMS, type RunFilterQuery, runFilter } from '../run-query.js';
import { Archives } from './archives.js';
import { fileName } from './file-name.js';
import { factsOf, filterText } from './filter-text.js';
import { IMAGES_OF_RUN_ZIP, IMAGES_ZIP } from './images-documentation.js';
import { listImages } from './list-images.js';
import { runColumns } from './runs-table.js';
import { runsOf } from './table-pages.js';

/** Pictures as archives. */
@Controller('api/v1')
export class ImageArchivesController {
  private readonly links: Links;

  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(Archives) private readonly archives: Archives,
  ) {
    // What leaves as a file is read elsewhere: links are paths where the address leads nowhere from there.
    this.links = new Links(publicAddress(parts.publicUrl));
  }

  @Documented(IMAGES_ZIP)
  @Get('downloads/images.zip')
  async ofMany(
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
    @Asker() asker: Caller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const runs = () => runsOf(this.parts.catalog, runFilter(query));
    await this.send(request, response, asker, filterText(query), fileName('images', query, 'zip'), runs);
  }

  @Documented(IMAGES_OF_RUN_ZIP)
  @Get('runs/:trapId/:runId/images.zip')
  async ofOne(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Asker() asker: Caller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const row = await findRun(this.parts.catalog.reader, run);
    if (!row) throw await missingRun(this.parts.catalog.reader, run);
    const filter = new URLSearchParams({ trap: run.trapId, run: run.runId }).toString();
    const name = `trapline-images_${run.trapId}_${run.runId}.zip`;
    await this.send(request, response, asker, filter, name, async function* () {
      yield [row];
    });
  }

  private send(
    request: Request,
    response: Response,
    asker: Caller,
    filter: string,
    fileName: string,
    runs: () => AsyncIterable<readonly RunWithObservation[]>,
  ): Promise<void> {
    const { catalog, version } = this.parts;
    const exact = seesExactPlaces(asker);
    const columns = runColumns(exact, this.links);
    return this.archives.send(request, response, {
      what: 'images',
      caller: asker,
      filter: { filter, exact },
      fileName,
      headers: factsOf(filter, version),
      fill: (list, stopped) => {
        const facts = { filter, atMs: Date.now(), version, exactPlaces: exact };
        return listImages({ db: catalog.reader, runs: runs(), columns, facts }, list, stopped);
      },
    });
  }
}
