import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { Asker, type Caller, seesExactPlaces } from '../access.js';
import { publicAddress } from '../exports/public-address.js';
import { Links } from '../links.js';
import { Documented } from '../openapi/documented.js';
import { described, excel, flag, onlyThese } from '../parameters.js';
import { type ApiParts, PARTS } from '../parts.js';
import { FILTER_QUERY, RUN_FILTER, type RunFilterQuery, runFilter } from '../run-query.js';
import { CROP_COLUMNS } from './crops-table.js';
import { csvFormat, csvHeader } from './csv.js';
import { fileName } from './file-name.js';
import { factsOf, filterText } from './filter-text.js';
import { runColumns } from './runs-table.js';
import { sendTable } from './send-table.js';
import { cropLines, runLines, runObjects, summaryLines } from './table-pages.js';
import { CROPS_CSV, RUNS_CSV, RUNS_NDJSON, TOP1_FINAL_CSV } from './tables-documentation.js';
import { SUMMARY_COLUMNS } from './track-summary.js';

const TABLE_QUERY = onlyThese({ ...RUN_FILTER, excel: excel() });
type TableQuery = z.output<typeof TABLE_QUERY>;
const CROPS_QUERY = onlyThese({
  ...RUN_FILTER,
  excel: excel(),
  unclassified: described(flag(), 'Crops without a label too').optional(),
});
const CSV = 'text/csv; charset=utf-8; header=present';

/** Runs and crops as tables, as many as there are. */
@Controller('api/v1/downloads')
export class TablesController {
  private readonly links: Links;

  constructor(@Inject(PARTS) private readonly parts: ApiParts) {
    // What leaves as a file is read elsewhere: links are paths where the address leads nowhere from there.
    this.links = new Links(publicAddress(parts.publicUrl));
  }

  @Documented(RUNS_CSV)
  @Get('runs.csv')
  async runs(
    @Query({ schema: TABLE_QUERY }) { excel, ...query }: TableQuery,
    @Asker() asker: Caller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const columns = runColumns(seesExactPlaces(asker), this.links);
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName('runs', query, 'csv'),
      headers: this.facts(query),
      header: csvHeader(columns, csvFormat(excel)),
      pages: runLines(this.parts.catalog, runFilter(query), columns, csvFormat(excel)),
    });
  }

  @Documented(RUNS_NDJSON)
  @Get('runs.ndjson')
  async objects(
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
    @Asker() asker: Caller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendTable(request, response, {
      mediaType: 'application/x-ndjson',
      fileName: fileName('runs', query, 'ndjson'),
      headers: this.facts(query),
      header: '',
      pages: runObjects(this.parts.catalog, runFilter(query), this.links, asker),
    });
  }

  @Documented(CROPS_CSV)
  @Get('crops.csv')
  async crops(
    @Query({ schema: CROPS_QUERY }) { unclassified, excel, ...query }: z.output<typeof CROPS_QUERY>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName('crops', query, 'csv'),
      headers: this.facts(query),
      header: csvHeader(CROP_COLUMNS, csvFormat(excel)),
      pages: cropLines(this.parts.catalog, runFilter(query), unclassified === true, csvFormat(excel)),
    });
  }

  @Documented(TOP1_FINAL_CSV)
  @Get('top1-final.csv')
  async summary(
    @Query({ schema: TABLE_QUERY }) { excel, ...query }: TableQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName('top1-final', query, 'csv'),
      headers: this.facts(query),
      header: csvHeader(SUMMARY_COLUMNS, csvFormat(excel)),
      pages: summaryLines(this.parts.catalog, runFilter(query), csvFormat(excel)),
    });
  }

  private facts(query: RunFilterQuery): Record<string, string> {
    return factsOf(filterText(query), this.parts.version);
  }
}
