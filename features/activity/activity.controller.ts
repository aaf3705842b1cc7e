import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import {
  ApiDoc,
  after,
  flag,
  id,
  json,
  label,
  limit,
  oneOf,
  page,
  pageOf,
  placed,
  taxon,
  time,
} from '../http/index.js';
import { listFirstSightings } from '../observations/index.js';
import { NamesInterceptor } from '../taxa/index.js';
import { listActivity, listEpisodes } from './activity.repository.js';
import {
  ACTIVITY_HOUR,
  activityView,
  EPISODE,
  EXAMPLE_ACTIVITY_HOUR,
  EXAMPLE_EPISODE,
  EXAMPLE_FIRST_SIGHTING,
  episodeView,
  FIRST_SIGHTING,
  firstSightingView,
} from './activity.schema.js';

const WHICH = {
  trap: id().optional(),
  group: label().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
};
const name = z.string().max(200);

const HOURS_QUERY = z.object({
  ...WHICH,
  state: oneOf('judged', 'learning', 'missing').optional(),
  after: after(z.tuple([placed.atMs, placed.id, name])),
});
const EPISODES_QUERY = z.object({
  ...WHICH,
  state: oneOf('open', 'closed', 'withdrawn').optional(),
  after: after(z.tuple([placed.atMs, name])),
});

const SIGHTINGS_QUERY = z.object({
  trap: id().optional(),
  taxon: taxon().optional(),
  kind: oneOf('ever', 'season', 'return').optional(),
  state: oneOf('standing', 'withdrawn').optional(),
  announced: flag().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs, z.string().max(400)])),
});

/** What is unusual, and by how much. */
@UseInterceptors(NamesInterceptor)
@Controller('api/v1/activity')
export class ActivityController {
  constructor(private readonly catalog: Catalog) {}

  @ApiDoc({
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
    const rows = await listActivity(this.catalog.reader, filter, query.limit + 1, place);
    return pageOf(rows, query.limit, (row) => [row.start_ms, row.trap_id, row.taxon_group], activityView);
  }

  @ApiDoc({
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
    const rows = await listEpisodes(this.catalog.reader, filter, query.limit + 1, place);
    return pageOf(rows, query.limit, (row) => [row.start_ms, row.id], episodeView);
  }

  @ApiDoc({
    tag: 'Statistics',
    summary: 'First sightings of species and genera at each trap, newest first',
    description:
      'Of sure verdicts with enough crops (`TRAPLINE_SIGHTING_CROPS`), or by people, and of known time. One that loses its ground is withdrawn, or moves to the run that is the first then.',
    answers: { 200: json(page(FIRST_SIGHTING), { items: [EXAMPLE_FIRST_SIGHTING] }) },
  })
  @Get('first-sightings')
  async firstSightings(@Query({ schema: SIGHTINGS_QUERY }) query: z.output<typeof SIGHTINGS_QUERY>) {
    const { trap, taxon: name, kind, state, announced, from, to } = query;
    const filter = { trapId: trap, taxon: name, kind, state, announced, fromMs: from, toMs: to };
    const [atMs, sightingId] = query.after ?? [];
    const place = atMs === undefined || sightingId === undefined ? undefined : { atMs, id: sightingId };
    const rows = await listFirstSightings(this.catalog.reader, filter, query.limit + 1, place);
    return pageOf(rows, query.limit, (row) => [row.at_ms, row.id], firstSightingView);
  }
}
