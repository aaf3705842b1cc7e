import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentUser, MinRole, type Principal, TrapLimit } from '../accounts/index.js';
import { ApiDoc, json, page } from '../http/index.js';
import { WithNames } from '../taxa/index.js';
import {
  ACTIVITY_HOUR,
  EPISODE,
  EXAMPLE_ACTIVITY_HOUR,
  EXAMPLE_EPISODE,
  EXAMPLE_FIRST_SIGHTING,
  FIRST_SIGHTING,
} from './activity.schema.js';
import { ActivityService } from './activity.service.js';
import {
  ANSWER,
  EPISODE_PARAMS,
  EPISODES_QUERY,
  type EpisodesQuery,
  HOURS_QUERY,
  type HoursQuery,
  SIGHTINGS_QUERY,
  type SightingsQuery,
} from './activity-queries.js';

/** What is unusual, and by how much. */
@WithNames(true)
@Controller('api/v1/activity')
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  @ApiDoc({
    tag: 'Statistics',
    summary: 'Hours with what was to be expected of them, newest first',
    answers: { 200: json(page(ACTIVITY_HOUR), { items: [EXAMPLE_ACTIVITY_HOUR] }) },
  })
  @Get()
  hours(@Query({ schema: HOURS_QUERY }) query: HoursQuery) {
    return this.activity.hours(query);
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'Episodes of unusual activity with their evidence, newest first',
    description: '`from` and `to` find episodes that reach into that time.',
    answers: { 200: json(page(EPISODE), { items: [EXAMPLE_EPISODE] }) },
  })
  @Get('episodes')
  episodes(@Query({ schema: EPISODES_QUERY }) query: EpisodesQuery) {
    return this.activity.episodes(query);
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'Say whether an episode was right',
    description:
      'Each person and each key has one answer, which a later one replaces. `other`: something was there, but not what the episode says. Counts and episodes stay as they are.',
    body: { example: { answer: 'yes' } },
    answers: { 200: json(EPISODE, EXAMPLE_EPISODE) },
  })
  @MinRole('editor')
  @TrapLimit('inside')
  @Put('episodes/:episodeId/answer')
  answer(
    @Param({ schema: EPISODE_PARAMS }) { episodeId }: z.output<typeof EPISODE_PARAMS>,
    @Body({ schema: ANSWER }) { answer }: z.output<typeof ANSWER>,
    @CurrentUser() user: Principal,
  ) {
    return this.activity.answer(episodeId, answer, user);
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'Take back what you said of an episode',
    answers: { 200: json(EPISODE, { ...EXAMPLE_EPISODE, answers: [] }) },
  })
  @MinRole('editor')
  @TrapLimit('inside')
  @Delete('episodes/:episodeId/answer')
  takeBack(
    @Param({ schema: EPISODE_PARAMS }) { episodeId }: z.output<typeof EPISODE_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.activity.answer(episodeId, null, user);
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'First sightings of species and genera at each trap, newest first',
    description:
      'Of sure verdicts with enough crops (`TRAPLINE_SIGHTING_CROPS`), or by people, and of known time. One that loses its ground is withdrawn, or moves to the run that is the first then.',
    answers: { 200: json(page(FIRST_SIGHTING), { items: [EXAMPLE_FIRST_SIGHTING] }) },
  })
  @Get('first-sightings')
  firstSightings(@Query({ schema: SIGHTINGS_QUERY }) query: SightingsQuery) {
    return this.activity.firstSightings(query);
  }
}
