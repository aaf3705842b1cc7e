import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import type { CropId, RunId } from '../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, json, page } from '../http/index.js';
import { RUN_PARAMS } from '../runs/index.js';
import {
  CROP_PARAMS,
  DELETION,
  DELETIONS_QUERY,
  type DeletionsQuery,
  EXAMPLE_DELETION,
  REASON_QUERY,
  type ReasonQuery,
} from './deletions.schema.js';
import { DeletionsService } from './deletions.service.js';

/** Deletes for good what must not be kept, such as the picture of a person. */
@MinRole('admin')
@Controller('api/v1')
export class DeletionsController {
  constructor(private readonly deletions: DeletionsService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Delete a run for good',
    description:
      'With its pictures, classifications, observations and reviews: it leaves lists, counts, downloads, dashboards and later backups. Only who deleted it, when and why is kept. What the trap sends of it later is refused as `deleted`.',
    answers: { 200: json(DELETION, { ...EXAMPLE_DELETION, cropId: undefined }) },
  })
  @Delete('runs/:trapId/:runId')
  run(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Query({ schema: REASON_QUERY }) { reason }: ReasonQuery,
    @CurrentUser() user: Principal,
  ) {
    return this.deletions.deleteRun(run, reason, user);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Delete one picture for good',
    description:
      'With what the model and the detector said of it. The run is decided again without it, and counts as complete without it. The picture is refused as `deleted` when the trap sends it again.',
    answers: { 200: json(DELETION, EXAMPLE_DELETION) },
  })
  @Delete('runs/:trapId/:runId/crops/:cropId')
  crop(
    @Param({ schema: CROP_PARAMS }) crop: CropId,
    @Query({ schema: REASON_QUERY }) { reason }: ReasonQuery,
    @CurrentUser() user: Principal,
  ) {
    return this.deletions.deleteCrop(crop, reason, user);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'What was deleted for good, and why',
    description: 'Newest first.',
    answers: { 200: json(page(DELETION), { items: [EXAMPLE_DELETION] }) },
  })
  @Get('deletions')
  list(@Query({ schema: DELETIONS_QUERY }) query: DeletionsQuery) {
    return this.deletions.list(query);
  }
}
