import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { VERSION } from '../../../libs/config/index.js';
import type { Db } from '../../../libs/database/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { REVIEW_VERDICTS } from '../../../libs/domain/index.js';
import { CurrentUser, keyName, type Principal, Scans, seesExactPlaces } from '../../accounts/index.js';
import { ApiDoc, described, excel, FileLinks, file, oneOf } from '../../http/index.js';
import { RUN_FILTER, runFilter } from '../../runs/index.js';
import { Taxa } from '../../taxa/index.js';
import { factsOf, fileName, filterText } from '../file-name.js';
import { type Column, type CsvFormat, csvFormat, csvHeader, csvRows } from './csv.js';
import { pagesOfReviews, type ReviewFilter, type ReviewOfRun } from './review-pages.js';
import { reviewColumns } from './reviews-table.js';
import { sendTable } from './send-table.js';

const CSV = 'text/csv; charset=utf-8; header=present';
const REVIEWS_QUERY = z.object({
  ...RUN_FILTER,
  by: described(keyName(), 'Whose reviews: the name of a key or of a person').optional(),
  verdict: oneOf(...REVIEW_VERDICTS).optional(),
  excel: excel(),
});
const EXAMPLE =
  'trapId,runId,runStart,review,at,by,byKind,verdict,label\nmeadow-1,run-1,2026-06-01T08:00:00.000Z,1,';
const ROWS_AT_ONCE = 250;

/** All that people ever said, as a table. */
@Controller('api/v1/downloads')
export class ReviewsDownloadController {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: FileLinks,
    private readonly taxa: Taxa,
  ) {}

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Reviews as CSV',
    description:
      'Every row of every history, newest first, also what was taken back: `decides` tells which counts. The filters are those of the list of runs. Comments are for editors.',
    answers: { 200: file('text/csv', 'One row per review', { example: EXAMPLE }) },
  })
  @Scans('download')
  @Get('reviews.csv')
  async reviews(
    @Query({ schema: REVIEWS_QUERY }) { excel, ...query }: z.output<typeof REVIEWS_QUERY>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { by, verdict, ...runs } = query;
    const columns = reviewColumns(seesExactPlaces(user), this.links, await this.taxa.read());
    const what = ['reviews', by && `by-${by}`, verdict].filter(Boolean).join('_');
    await sendTable(request, response, {
      mediaType: CSV,
      fileName: fileName(what, runs, 'csv'),
      headers: factsOf(filterText(query), VERSION),
      header: csvHeader(columns, csvFormat(excel)),
      pages: linesOf(this.catalog.reader, { runs: runFilter(runs), by, verdict }, columns, csvFormat(excel)),
    });
  }
}

async function* linesOf(
  db: Db,
  filter: ReviewFilter,
  columns: readonly Column<ReviewOfRun>[],
  format: CsvFormat,
): AsyncGenerator<string> {
  for await (const page of pagesOfReviews(db, filter, ROWS_AT_ONCE)) yield csvRows(columns, page, format);
}
