import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, id, json } from '../http/index.js';
import { RUN_PARAMS } from '../runs/index.js';
import { EXAMPLE_TRUE_TIME, TIME_BODY, type TimeBody, TRUE_TIME } from './times.schema.js';
import { TimesService } from './times.service.js';

const SESSION_PARAMS = z.object({ trapId: id(), sessionId: id() });
const ANSWERS = { 200: json(TRUE_TIME, EXAMPLE_TRUE_TIME) };
const BODY = { example: { start: '2026-06-01T10:00:00+02:00', comment: 'I switched it on at ten.' } };

/** When runs and sessions truly took place: people correct what a wrong clock has said. Nothing of it is ever lost. */
@Controller('api/v1')
export class TimesController {
  constructor(private readonly times: TimesService) {}

  @ApiDoc({ tag: 'Reading', summary: 'When a run took place, and how that is known', answers: ANSWERS })
  @Get('runs/:trapId/:runId/time')
  ofRun(
    @Param({ schema: RUN_PARAMS }) { trapId, runId }: z.output<typeof RUN_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.times.describe({ kind: 'run', trapId, item: runId }, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Say when a run truly began',
    description:
      'Its end and the times of its pictures move by the same. Counts, statistics, time series and exports follow; the text that the trap sent is kept.',
    body: BODY,
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Put('runs/:trapId/:runId/time')
  putRun(
    @Param({ schema: RUN_PARAMS }) { trapId, runId }: z.output<typeof RUN_PARAMS>,
    @Body({ schema: TIME_BODY }) body: TimeBody,
    @CurrentUser() user: Principal,
  ) {
    return this.times.correct({ kind: 'run', trapId, item: runId }, body, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: "Take back what was said of a run's true time",
    description: 'A row of the history itself. What else is known of its time counts again.',
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Delete('runs/:trapId/:runId/time')
  deleteRun(
    @Param({ schema: RUN_PARAMS }) { trapId, runId }: z.output<typeof RUN_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.times.correct({ kind: 'run', trapId, item: runId }, undefined, user);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'When a session took place, and how that is known',
    answers: ANSWERS,
  })
  @Get('sessions/:trapId/:sessionId/time')
  ofSession(
    @Param({ schema: SESSION_PARAMS }) { trapId, sessionId }: z.output<typeof SESSION_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.times.describe({ kind: 'session', trapId, item: sessionId }, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Say when a session truly began',
    description:
      'All runs of the session whose clock was as wrong follow within seconds, also those that come later; a run of which a person has said the true time does not.',
    body: BODY,
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Put('sessions/:trapId/:sessionId/time')
  putSession(
    @Param({ schema: SESSION_PARAMS }) { trapId, sessionId }: z.output<typeof SESSION_PARAMS>,
    @Body({ schema: TIME_BODY }) body: TimeBody,
    @CurrentUser() user: Principal,
  ) {
    return this.times.correct({ kind: 'session', trapId, item: sessionId }, body, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: "Take back what was said of a session's true time",
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Delete('sessions/:trapId/:sessionId/time')
  deleteSession(
    @Param({ schema: SESSION_PARAMS }) { trapId, sessionId }: z.output<typeof SESSION_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.times.correct({ kind: 'session', trapId, item: sessionId }, undefined, user);
  }
}
