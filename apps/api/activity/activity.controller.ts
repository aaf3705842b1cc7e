import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { listActivity, listEpisodes } from '../../../libs/catalog/index.js';
import { Documented, json } from '../openapi/documented.js';
import { after, pageOf, placed } from '../pages.js';
import { id, label, limit, oneOf, onlyThese, time } from '../parameters.js';
import { type ApiParts, PARTS } from '../parts.js';
import { page } from '../view-fields.js';
import { ACTIVITY_HOUR, EPISODE, EXAMPLE_ACTIVITY_HOUR, EXAMPLE_EPISODE } from './activity-schema.js';
import { activityView, episodeView } from './activity-view.js';

const WHICH = {
  trap: id().optional(),
  group: label().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
};
const name = z.string().max(200);

const HOURS_QUERY = onlyThese({
  ...WHICH,
  state: oneOf('judged', 'learning', 'missing').optional(),
  after: after(z.tuple([placed.atMs, placed.id, name])),
});
const EPISODES_QUERY = onlyThese({
  ...WHICH,
  state: oneOf('open', 'closed', 'withdrawn').optional(),
  after: after(z.tuple([placed.atMs, name])),
});

/** What is unusual, and by how much. */
@Controller('api/v1/activity')
export class ActivityController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Documented({
    tag: 'Statistics',
    summary: 'Hours with what was to be expected of them, newest first',
    answers: { 200: json(page(ACTIVITY_HOUR), { items: [EXAMPLE_ACTIVITY_HOUR] }) },
  })
  @Get()
  async hours(@Query({ schema: HOURS_QUERY }) query: z.output<typeof HOURS_QUERY>) {
    const filter = {
      trapId: query.trap,
      group: query.group,
      fromMs: query.from,
      toMs: query.to,
      state: query.state,
    };
    const [startMs, trapId, group] = query.after ?? [];
    const place =
      startMs === undefined || !trapId || group === undefined ? undefined : { startMs, trapId, group };
    const rows = await listActivity(this.parts.catalog.reader, filter, query.limit + 1, place);
    return pageOf(rows, query.limit, (row) => [row.start_ms, row.trap_id, row.taxon_group], activityView);
  }

  @Documented({
    tag: 'Statistics',
    summary: 'Episodes of unusual activity with their evidence, newest first',
    description: '`from` and `to` find episodes that reach into that time.',
    answers: { 200: json(page(EPISODE), { items: [EXAMPLE_EPISODE] }) },
  })
  @Get('episodes')
  async episodes(@Query({ schema: EPISODES_QUERY }) query: z.output<typeof EPISODES_QUERY>) {
    const filter = {
      trapId: query.trap,
      group: query.group,
      fromMs: query.from,
      toMs: query.to,
      state: query.state,
    };
    const [startMs, episodeId] = query.after ?? [];
    const place = startMs === undefined || episodeId === undefined ? undefined : { startMs, id: episodeId };
    const rows = await listEpisodes(this.parts.catalog.reader, filter, query.limit + 1, place);
    return pageOf(rows, query.limit, (row) => [row.start_ms, row.id], episodeView);
  }
}
