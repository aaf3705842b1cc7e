import { Body, Controller, Delete, HttpStatus, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import type { RunId } from '../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, type ApiParts, json, Links, NO_PARAMETERS, PARTS } from '../http/index.js';
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
import { REVIEW_BODY, type ReviewBody, UNDO_QUERY } from './review-body.js';
import { Reviewer } from './reviews.service.js';

const ANSWERS = {
  200: json(RUN, EXAMPLE_RUN, { description: 'The very same stood already: the run as it is' }),
  201: json(RUN, EXAMPLE_RUN, { description: 'The run with its reviews, as it is now' }),
};

/** What people say of runs: it overrules the model, and nothing of it is ever lost. */
@MinRole('editor')
@Controller('api/v1/runs/:trapId/:runId/review')
export class ReviewsController {
  private readonly links: Links;
  private readonly reviewer: Reviewer;

  constructor(@Inject(PARTS) private readonly parts: ApiParts) {
    this.links = new Links(parts.publicUrl);
    this.reviewer = new Reviewer(parts.catalog, () => {
      const labels = parts.model?.card.labels;
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
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Body({ schema: REVIEW_BODY }) body: ReviewBody,
    @CurrentUser() asker: Principal,
    @Res({ passthrough: true }) response: Response,
  ) {
    const isNew = await this.reviewer.review({ run, body, by: asker, nowMs: Date.now() });
    response.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return this.show(run, asker);
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
    @CurrentUser() asker: Principal,
  ) {
    await this.reviewer.review({ run, body: { verdict: 'undo', review }, by: asker, nowMs: Date.now() });
    return this.show(run, asker);
  }

  private async show(run: RunId, asker: Principal): Promise<z.output<typeof RUN>> {
    const { reader } = this.parts.catalog;
    const row = await findRun(reader, run);
    if (!row) throw await missingRun(reader, run);
    const [first] = await firstCrops(reader, [run]);
    const reviews = reviewViews(await reviewsOf(reader, run), asker);
    return { ...runView(row, first?.crop_id, this.links), reviews };
  }
}
