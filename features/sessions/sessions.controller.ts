import { Controller, Get, Query } from '@nestjs/common';
import { CurrentUser, type Principal, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, json, page } from '../http/index.js';
import { EXAMPLE_SESSION, SESSION, SESSIONS_QUERY, type SessionsQuery } from './sessions.schema.js';
import { SessionsService } from './sessions.service.js';

/** The sampling effort: when traps were recording. */
@Controller('api/v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Sessions, newest first: the sampling effort',
    answers: { 200: json(page(SESSION), { items: [EXAMPLE_SESSION] }) },
  })
  @Get()
  list(@Query({ schema: SESSIONS_QUERY }) query: SessionsQuery, @CurrentUser() user: Principal) {
    return this.sessions.list(query, seesExactPlaces(user));
  }
}
