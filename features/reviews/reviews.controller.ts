import {
  Body,
  Controller,
  Delete,
  HttpStatus,
  Param,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, json, Links } from '../http/index.js';
import { Models } from '../models/index.js';
import {
  EXAMPLE_RUN,
  findRun,
  firstCrops,
  missingRun,
  RUN,
  RUN_PARAMS,
  reviewsOf,
  reviewViews,
  runView,
} from '../runs/index.js';
import { NamesInterceptor } from '../taxa/index.js';
import { REVIEW_BODY, type ReviewBody, UNDO_QUERY } from './review-body.js';
import { Reviewer } from './reviews.service.js';

const ANSWERS = {
  200: json(RUN, EXAMPLE_RUN, { description: 'The very same stood already: the run as it is' }),
  201: json(RUN, EXAMPLE_RUN, { description: 'The run with its reviews, as it is now' }),
};

/** What people say of runs: it overrules the model, and nothing of it is ever lost. */
@MinRole('editor')
@UseInterceptors(NamesInterceptor)
@Controller('api/v1/runs/:trapId/:runId/review')
export class ReviewsController {
  private readonly reviewer: Reviewer;

  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
    models: Models,
  ) {
    this.reviewer = new Reviewer(catalog, () => {
      const labels = models.active?.card.labels;
      return labels && new Map(labels.map((label) => [label.id, label]));
    });
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Review a run',
    description:
      'The newest review that was not taken back decides what the run counts as: in lists, counts, downloads and time series, whatever the model says then or later.',
    body: { example: { verdict: 'relabel', label: 'honeybee', comment: 'Pollen baskets.' } },
    answers: ANSWERS,
    problems: [409],
  })
  @Post()
  async review(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Body({ schema: REVIEW_BODY }) body: ReviewBody,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) response: Response,
  ) {
    const isNew = await this.reviewer.review({ run, body, by: user, nowMs: Date.now() });
    response.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return this.show(run, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Take a review back',
    description:
      'The same as a POST of `{ "verdict": "undo" }`: a row of the history itself. What was said before decides again. Name the review to be safe when the request is repeated.',
    answers: {
      200: json(RUN, EXAMPLE_RUN, { description: 'The run with its reviews, as it is now' }),
    },
    problems: [409],
  })
  @Delete()
  async undo(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Query({ schema: UNDO_QUERY }) { review }: z.output<typeof UNDO_QUERY>,
    @CurrentUser() user: Principal,
  ) {
    await this.reviewer.review({ run, body: { verdict: 'undo', review }, by: user, nowMs: Date.now() });
    return this.show(run, user);
  }

  private async show(run: RunId, user: Principal): Promise<z.output<typeof RUN>> {
    const { reader } = this.catalog;
    const row = await findRun(reader, run);
    if (!row) throw await missingRun(reader, run);
    const [first] = await firstCrops(reader, [run]);
    const reviews = reviewViews(await reviewsOf(reader, run), user);
    return { ...runView(row, first?.crop_id, this.links), reviews };
  }
}
