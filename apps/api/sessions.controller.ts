import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Account, listSessions } from '../../libs/catalog/index.js';
import { Asker, seesExactPlaces } from './access.js';
import { Documented, json } from './openapi/documented.js';
import { after, pageOf, placed } from './pages.js';
import { id, limit, onlyThese, time } from './parameters.js';
import { type ApiParts, PARTS } from './parts.js';
import { EXAMPLE_SESSION, SESSION } from './session-schema.js';
import { sessionView } from './session-view.js';
import { page } from './view-fields.js';

const SESSIONS_QUERY = onlyThese({
  trap: id().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs, placed.id, placed.id])),
});

/** The sampling effort: when traps were recording. */
@Controller('api/v1/sessions')
export class SessionsController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Documented({
    tag: 'Reading',
    summary: 'Sessions, newest first: the sampling effort',
    answers: { 200: json(page(SESSION), { items: [EXAMPLE_SESSION] }) },
  })
  @Get()
  async list(
    @Query({ schema: SESSIONS_QUERY }) query: z.output<typeof SESSIONS_QUERY>,
    @Asker() asker: Account,
  ) {
    const filter = { trapId: query.trap, fromMs: query.from, toMs: query.to };
    const [atMs, trapId, sessionId] = query.after ?? [];
    const place = atMs === undefined || !trapId || !sessionId ? undefined : { atMs, trapId, sessionId };
    const rows = await listSessions(this.parts.catalog.reader, filter, query.limit + 1, place);
    return pageOf(
      rows,
      query.limit,
      (row) => [row.at_ms, row.trap_id, row.session_id],
      (row) => sessionView(row, seesExactPlaces(asker)),
    );
  }
}
