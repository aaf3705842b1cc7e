import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import { sessionPlace } from '../../libs/domain/index.js';
import { type Account, CurrentUser, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, after, id, json, limit, page, pageOf, placed, time } from '../http/index.js';
import { listSessions } from './sessions.repository.js';
import { EXAMPLE_SESSION, presentSession, SESSION } from './sessions.schema.js';

const SESSIONS_QUERY = z.object({
  trap: id().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs, placed.id, placed.id])),
});

/** The sampling effort: when traps were recording. */
@Controller('api/v1/sessions')
export class SessionsController {
  constructor(private readonly catalog: Catalog) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Sessions, newest first: the sampling effort',
    answers: { 200: json(page(SESSION), { items: [EXAMPLE_SESSION] }) },
  })
  @Get()
  async list(
    @Query({ schema: SESSIONS_QUERY }) query: z.output<typeof SESSIONS_QUERY>,
    @CurrentUser() user: Account,
  ) {
    const filter = { trapId: query.trap, fromMs: query.from, toMs: query.to };
    const sessions = await listSessions(this.catalog.reader, filter, query.limit + 1, query.after);
    return pageOf(
      sessions,
      query.limit,
      (session) => [sessionPlace(session), session.trapId, session.sessionId],
      (session) => presentSession(session, seesExactPlaces(user)),
    );
  }
}
