import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { type Account, cropsOfRun, findRun, firstCrops, listRuns } from '../../libs/catalog/index.js';
import { type RunId, runKey } from '../../libs/domain/index.js';
import { Asker, seesExactPlaces } from './access.js';
import { cropView } from './crop-view.js';
import { Links } from './links.js';
import { pageOf } from './pages.js';
import { NO_PARAMETERS } from './parameters.js';
import { type ApiParts, PARTS } from './parts.js';
import { notFound } from './problem.js';
import { RUN_PARAMS, RUNS_QUERY, type RunsQuery, runCursor, runFilter } from './run-query.js';
import { runIdOf, runView } from './run-view.js';

@Controller('api/v1/runs')
export class RunsController {
  private readonly links: Links;

  constructor(@Inject(PARTS) private readonly parts: ApiParts) {
    this.links = new Links(parts.publicUrl);
  }

  @Get()
  async list(@Query({ schema: RUNS_QUERY }) query: RunsQuery) {
    const { reader } = this.parts.catalog;
    const rows = await listRuns(reader, runFilter(query), query.limit + 1, runCursor(query));
    const first = await firstCrops(reader, rows.slice(0, query.limit).map(runIdOf));
    const images = new Map(first.map((crop) => [runKey(runIdOf(crop)), crop.crop_id]));
    return pageOf(
      rows,
      query.limit,
      (row) => [row.at_ms, row.trap_id, row.run_id],
      (row) => runView(row, images.get(runKey(runIdOf(row))), this.links),
    );
  }

  @Get(':trapId/:runId')
  async one(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Asker() asker: Account,
  ) {
    const { reader } = this.parts.catalog;
    const row = await findRun(reader, run);
    if (!row) throw notFound(`There is no run ${run.runId} of trap ${run.trapId}.`);
    const crops = await cropsOfRun(reader, run, row.model);
    return {
      ...runView(row, crops[0]?.crop_id, this.links),
      ranking: row.ranking === null ? [] : JSON.parse(row.ranking),
      // What the contract does not name may tell a place.
      extra: seesExactPlaces(asker) ? JSON.parse(row.extra) : undefined,
      crops: crops.map((crop) => cropView(run, crop, this.links)),
    };
  }
}
