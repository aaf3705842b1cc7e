import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Catalog } from '../../libs/database/index.js';
import { type Principal, seesTrap } from '../accounts/index.js';
import { notFound, pageOf } from '../http/index.js';
import { listFirstSightings } from '../observations/index.js';
import { LOG } from '../platform/index.js';
import { ActivityRepository, type EpisodeAnswer } from './activity.repository.js';
import { presentEpisode, presentFirstSighting, presentHour } from './activity.schema.js';
import type { EpisodesQuery, HoursQuery, SightingsQuery } from './activity-queries.js';

@Injectable()
export class ActivityService {
  constructor(
    private readonly repository: ActivityRepository,
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async hours({ trap, group, from, to, state, limit, after }: HoursQuery) {
    const filter = { trapIds: trap, group, fromMs: from, toMs: to, state };
    const hours = await this.repository.listHours(filter, limit + 1, after);
    return pageOf(hours, limit, (hour) => [hour.startMs, hour.trapId, hour.group], presentHour);
  }

  async episodes({ trap, group, from, to, state, limit, after }: EpisodesQuery) {
    const filter = { trapIds: trap, group, fromMs: from, toMs: to, state };
    const episodes = await this.repository.listEpisodes(filter, limit + 1, after);
    return pageOf(episodes, limit, (episode) => [episode.startMs, episode.id], presentEpisode);
  }

  /** @param answer null: takes the answer back */
  async answer(id: string, answer: EpisodeAnswer['answer'] | null, user: Principal) {
    const episode = await this.repository.findEpisode(id);
    if (!episode || !seesTrap(user, episode.trapId)) throw notFound(`There is no episode ${id}.`);
    const by = { by: user.name, byKind: user.kind === 'user' ? ('user' as const) : ('key' as const) };
    await this.repository.setAnswer(episode, by, answer, Date.now());
    this.log.info({ by: user.name, episode: id, answer }, 'an episode was answered');
    return presentEpisode((await this.repository.findEpisode(id)) ?? episode);
  }

  async firstSightings({ trap, taxon, kind, state, announced, from, to, limit, after }: SightingsQuery) {
    const filter = { trapIds: trap, taxon, kind, state, announced, fromMs: from, toMs: to };
    const [atMs, id] = after ?? [];
    const cursor = atMs === undefined || id === undefined ? undefined : { atMs, id };
    const sightings = await listFirstSightings(this.catalog.reader, filter, limit + 1, cursor);
    return pageOf(sightings, limit, (row) => [row.at_ms, row.id], presentFirstSighting);
  }
}
