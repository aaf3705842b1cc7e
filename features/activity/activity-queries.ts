import { z } from 'zod';
import {
  after,
  episodeId,
  flag,
  label,
  limit,
  oneOf,
  onlyTheseFields,
  placed,
  taxon,
  time,
  trapIds,
} from '../http/index.js';
import { EPISODE_ANSWERS } from './activity.schema.js';

const WHICH = {
  trap: trapIds().optional(),
  group: label().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
};
const name = z.string().max(200);

export const HOURS_QUERY = z.object({
  ...WHICH,
  state: oneOf('judged', 'learning', 'missing').optional(),
  after: after(z.tuple([placed.atMs, placed.id, name])),
});
export const EPISODES_QUERY = z.object({
  ...WHICH,
  state: oneOf('open', 'closed', 'withdrawn').optional(),
  after: after(z.tuple([placed.atMs, name])),
});

export const SIGHTINGS_QUERY = z.object({
  trap: trapIds().optional(),
  taxon: taxon().optional(),
  kind: oneOf('ever', 'season', 'return').optional(),
  state: oneOf('standing', 'withdrawn').optional(),
  announced: flag().optional(),
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs, z.string().max(400)])),
});

export const EPISODE_PARAMS = z.object({ episodeId: episodeId() });
export const ANSWER = onlyTheseFields({ answer: oneOf(...EPISODE_ANSWERS) });

export type HoursQuery = z.output<typeof HOURS_QUERY>;
export type EpisodesQuery = z.output<typeof EPISODES_QUERY>;
export type SightingsQuery = z.output<typeof SIGHTINGS_QUERY>;
