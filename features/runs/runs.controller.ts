import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { Catalog } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';
import { CurrentUser, type Principal, Scans, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, json, Links, page, pageOf } from '../http/index.js';
import { NamesInterceptor } from '../taxa/index.js';
import { cropView, EXAMPLE_RUN_IN_FULL, RUN_IN_FULL } from './crops.schema.js';
import { missingRun } from './missing.js';
import { presentRuns, runView } from './present-run.js';
import { cropsOfRun, findRun, isIndexed, listRuns } from './run-list.repository.js';
import { RUN_PARAMS, RUNS_QUERY, type RunsQuery, runCursor, runFilter } from './run-query.js';
import { reviewsOf } from './run-reviews.repository.js';
import { reviewViews } from './run-reviews.schema.js';
import { EXAMPLE_RUN, RUN } from './runs.schema.js';

@UseInterceptors(NamesInterceptor)
@Controller('api/v1/runs')
export class RunsController {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Runs, newest first',
    description: 'Each with its observation. Page 10,000 costs what page 1 costs.',
    answers: {
      200: json(page(RUN), { items: [EXAMPLE_RUN], next: 'WzE3ODAyOTYwMDAwMDAsIm1lYWRvdy0xIiwicnVuLTEiXQ' }),
    },
  })
  @Scans('question')
  @Get()
  async list(@Query({ schema: RUNS_QUERY }) query: RunsQuery, @CurrentUser() user: Principal) {
    const { reader, scanner } = this.catalog;
    const filter = runFilter(query);
    const from = isIndexed(filter) ? reader : scanner;
    const rows = await listRuns(from, filter, query.limit + 1, runCursor(query));
    const show = await presentRuns(reader, rows.slice(0, query.limit), this.links, user);
    return pageOf(rows, query.limit, (row) => [row.at_ms, row.trap_id, row.run_id], show);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'One run with its crops',
    answers: { 200: json(RUN_IN_FULL, EXAMPLE_RUN_IN_FULL) },
  })
  @Get(':trapId/:runId')
  async one(@Param({ schema: RUN_PARAMS }) run: RunId, @CurrentUser() user: Principal) {
    const { reader } = this.catalog;
    const row = await findRun(reader, run);
    if (!row) throw await missingRun(reader, run);
    const crops = await cropsOfRun(reader, run, row.model);
    return {
      ...runView(row, crops.find((crop) => crop.removed_at === null)?.crop_id, this.links),
      ranking: row.ranking === null ? [] : JSON.parse(row.ranking),
      // What the contract does not name may tell a place.
      extra: seesExactPlaces(user) ? JSON.parse(row.extra) : undefined,
      reviews: reviewViews(await reviewsOf(reader, run), user),
      crops: crops.map((crop) => cropView(run, crop, this.links)),
    };
  }
}
