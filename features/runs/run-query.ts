import { z } from 'zod';
import { splitName } from '../../libs/domain/index.js';
import {
  after,
  described,
  episodeId,
  flag,
  id,
  label,
  limit,
  modelName,
  oneOf,
  placed,
  probability,
  taxon,
  time,
  trapIds,
} from '../http/index.js';
import type { RunFilter } from './run-filter.repository.js';
import type { RunCursor } from './runs.repository.js';

/** What a list of runs can be narrowed to; downloads take the same. */
export const RUN_FILTER = {
  trap: trapIds().optional(),
  from: time().optional(),
  to: time().optional(),
  label: label().optional(),
  taxon: taxon().optional(),
  group: label().optional(),
  minProbability: probability().optional(),
  unsure: flag().optional(),
  reviewed: flag().optional(),
  insectsOnly: flag().optional(),
  status: oneOf('open', 'complete').optional(),
  timeKnown: described(flag(), 'Whether it is known when the run took place').optional(),
  firstSighting: described(
    flag(),
    'Whether it is a first sighting: ever, in a season, or after an absence',
  ).optional(),
  episode: described(
    episodeId(),
    'Id of an episode: the visits of its group at its trap, from its start to its end',
    'meadow-1.moths.494498',
  ).optional(),
  attention: described(
    flag(),
    'Whether it waits for a person: uncertain, a first sighting, or evidence of an open episode; and not reviewed',
  ).optional(),
  model: described(modelName(), 'Key of the model whose observation counts, as a run names it').optional(),
};

export const FILTER_QUERY = z.object(RUN_FILTER);
/** What a query says of the runs that are wanted. */
export type RunFilterQuery = z.output<typeof FILTER_QUERY>;

export const RUNS_QUERY = z.object({
  ...RUN_FILTER,
  limit: limit(),
  after: after(z.tuple([placed.atMs, placed.id, placed.id])),
});
export type RunsQuery = z.output<typeof RUNS_QUERY>;

export const RUN_PARAMS = z.object({ trapId: id(), runId: id() });

export const runFilter = (query: RunFilterQuery): RunFilter => ({
  trapIds: query.trap,
  fromMs: query.from,
  toMs: query.to,
  label: query.label,
  taxon: query.taxon === undefined ? undefined : splitName(query.taxon).name,
  group: query.group,
  minProbability: query.minProbability,
  unsure: query.unsure,
  reviewed: query.reviewed,
  insectsOnly: query.insectsOnly,
  state: query.status,
  timeKnown: query.timeKnown,
  model: query.model,
  firstSighting: query.firstSighting,
  episodeId: query.episode,
  attention: query.attention,
});

export function runCursor({ after: place }: RunsQuery): RunCursor | undefined {
  return place && { placeMs: place[0], trapId: place[1], runId: place[2] };
}
