import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type ObservedRun, type RunId, runKey } from '../../libs/domain/index.js';
import { type Principal, seesExactPlaces } from '../accounts/index.js';
import { Links, pageOf } from '../http/index.js';
import { presentCrop, type RUN_IN_FULL } from './crops.schema.js';
import { noSuchRun } from './missing.js';
import { presentRun } from './present-run.js';
import { type RunFilterQuery, type RunsQuery, runCursor, runFilter } from './run-query.js';
import { presentReviews } from './run-reviews.schema.js';
import { RunsRepository } from './runs.repository.js';
import type { NEIGHBOURS, RUN } from './runs.schema.js';

@Injectable()
export class RunsService {
  constructor(
    private readonly repository: RunsRepository,
    private readonly links: Links,
  ) {}

  async list(query: RunsQuery, user: Principal) {
    const runs = await this.repository.list(runFilter(query), query.limit + 1, runCursor(query));
    const shown = await this.present(runs.slice(0, query.limit), user);
    const present = new Map(shown.map((run) => [runKey(run), run]));
    return pageOf(
      runs,
      query.limit,
      ({ placeMs, trapId, runId }) => [placeMs, trapId, runId],
      (run) => present.get(runKey(run)),
    );
  }

  /**
   * A run with its crops.
   *
   * @throws Problem 404, or 410 if it was deleted for good
   */
  async describe(id: RunId, user: Principal): Promise<z.output<typeof RUN_IN_FULL>> {
    const run = await this.expect(id);
    const crops = await this.repository.cropsOf(run);
    const contextOf = await this.repository.contextOf([run]);
    return {
      ...presentRun(
        run,
        crops.find(({ removedAtMs }) => removedAtMs === null)?.cropId,
        this.links,
        contextOf(run),
      ),
      ranking: [...(run.observation?.ranking ?? [])],
      // Fields that the contract does not name may reveal a place.
      extra: seesExactPlaces(user) ? { ...run.extra } : undefined,
      reviews: presentReviews(await this.repository.reviewsOf(run), user),
      crops: crops.map((crop) => presentCrop(crop, this.links)),
    };
  }

  /**
   * The runs before and behind a run in a list, newest first, whether the run itself is in it or not.
   *
   * @throws Problem 404, or 410 if it was deleted for good
   */
  async neighbours(id: RunId, query: RunFilterQuery): Promise<z.output<typeof NEIGHBOURS>> {
    return this.repository.neighbours(await this.expect(id), runFilter(query));
  }

  /** @throws Problem 404, or 410 if it was deleted for good */
  async expect(id: RunId): Promise<ObservedRun> {
    const run = await this.repository.find(id);
    if (!run) throw noSuchRun(id, await this.repository.deletedAtMs(id));
    return run;
  }

  /**
   * Runs as lists show them, in the same order.
   *
   * @param links other than those of the API
   */
  async present(
    runs: readonly ObservedRun[],
    user: Principal,
    links: Links = this.links,
  ): Promise<z.output<typeof RUN>[]> {
    const crops = await this.repository.firstCrops(runs);
    const reviews = await this.repository.reviewsOfRuns(runs);
    const contextOf = await this.repository.contextOf(runs);
    return runs.map((run) => ({
      ...presentRun(run, crops.get(runKey(run)), links, contextOf(run)),
      reviews: presentReviews(reviews.get(runKey(run)) ?? [], user),
    }));
  }
}
