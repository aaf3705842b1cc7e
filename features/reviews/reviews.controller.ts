import { Body, Controller, Delete, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import type { RunId } from '../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, json } from '../http/index.js';
import { EXAMPLE_RUN, RUN, RUN_PARAMS } from '../runs/index.js';
import { WithNames } from '../taxa/index.js';
import { REVIEW_BODY, type ReviewBody, UNDO_QUERY } from './review-body.js';
import { ReviewsService } from './reviews.service.js';

const ANSWERS = {
  200: json(RUN, EXAMPLE_RUN, { description: 'The very same stood already: the run as it is' }),
  201: json(RUN, EXAMPLE_RUN, { description: 'The run with its reviews, as it is now' }),
};

/** What people say of runs: it overrules the model, and nothing of it is ever lost. */
@MinRole('editor')
@WithNames(true)
@Controller('api/v1/runs/:trapId/:runId/review')
export class ReviewsController {
  constructor(private readonly reviews: ReviewsService) {}

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
    const isNew = await this.reviews.add(run, body, user);
    response.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return this.reviews.show(run, user);
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
    await this.reviews.add(run, { verdict: 'undo', review }, user);
    return this.reviews.show(run, user);
  }
}
