import { Controller, Get, Param, Query } from '@nestjs/common';
import type { RunId } from '../../libs/domain/index.js';
import { CurrentUser, type Principal, Scans } from '../accounts/index.js';
import { ApiDoc, json, page } from '../http/index.js';
import { WithNames } from '../taxa/index.js';
import { EXAMPLE_RUN_IN_FULL, RUN_IN_FULL } from './crops.schema.js';
import { FILTER_QUERY, RUN_PARAMS, RUNS_QUERY, type RunFilterQuery, type RunsQuery } from './run-query.js';
import { EXAMPLE_NEIGHBOURS, EXAMPLE_RUN, NEIGHBOURS, RUN } from './runs.schema.js';
import { RunsService } from './runs.service.js';

@WithNames(true)
@Controller('api/v1/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

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
  list(@Query({ schema: RUNS_QUERY }) query: RunsQuery, @CurrentUser() user: Principal) {
    return this.runs.list(query, user);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'One run with its crops',
    answers: { 200: json(RUN_IN_FULL, EXAMPLE_RUN_IN_FULL) },
  })
  @Get(':trapId/:runId')
  one(@Param({ schema: RUN_PARAMS }) run: RunId, @CurrentUser() user: Principal) {
    return this.runs.describe(run, user);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'The runs before and behind a run in a list',
    description: 'The filters are those of the list of runs; without any, it is the list of all.',
    answers: { 200: json(NEIGHBOURS, EXAMPLE_NEIGHBOURS) },
  })
  @Scans('question')
  @Get(':trapId/:runId/neighbours')
  neighbours(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Query({ schema: FILTER_QUERY }) query: RunFilterQuery,
  ) {
    return this.runs.neighbours(run, query);
  }
}
