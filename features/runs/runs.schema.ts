import { z } from 'zod';
import { count, instant, link, share } from '../http/index.js';
import { NAMES } from '../taxa/index.js';
import { EXAMPLE_REVIEW, REVIEW } from './run-reviews.schema.js';

const id = z.string();

/** The verdict on one run. */
export const OBSERVATION = z
  .strictObject({
    label: z.string(),
    taxon: z.string().optional(),
    rank: z.string().optional(),
    group: z.string().optional(),
    names: NAMES.optional(),
    probability: share().nullable().meta({ description: 'Of the verdict; 1 where a person settled it' }),
    unsure: z.boolean(),
    reason: z.string().optional().meta({ description: 'Why it is unsure' }),
    rolledUp: z
      .boolean()
      .meta({ description: 'It names a higher taxon, because the model was not sure of the lower' }),
    insect: z.boolean(),
    crops: count().nullable().meta({ description: 'Crops that voted' }),
    top1Crops: count().nullable(),
    top1ProbMean: share().nullable(),
    model: z.string().nullable(),
    final: z.boolean().meta({ description: 'False while the run is open' }),
    revision: count(),
    observedAt: instant().nullable(),
  })
  .meta({ id: 'Observation', description: 'The verdict on one run: one visit, counted once' });

/** What the model said, whatever people made of it. */
export const MODEL_OBSERVATION = OBSERVATION.omit({ revision: true })
  .extend({ probability: share(), model: z.string() })
  .meta({
    id: 'ModelObservation',
    description: 'What the model says of the run, whatever people made of it',
  });

/** One run, as lists have it. */
export const RUN = z
  .strictObject({
    trapId: id,
    runId: id,
    trapName: z.string().nullable().meta({ description: 'Null where nobody has named the trap' }),
    timeZone: z.string().nullable().meta({ description: 'Of the trap, IANA; null: that of the station' }),
    firstSighting: z
      .enum(['ever', 'season', 'return'])
      .nullable()
      .meta({ description: 'Whether it is a first sighting at its trap that stands' }),
    sessionId: id.optional(),
    trackId: z.string().optional(),
    start: instant().nullable(),
    startOffsetMin: z
      .int()
      .nullable()
      .meta({ description: "Minutes that the trap's clock was ahead of UTC" }),
    end: instant().nullable(),
    endOffsetMin: z.int().nullable(),
    durationS: z.number().nullable(),
    clockSuspect: z.boolean().meta({ description: "The trap's clock cannot be right" }),
    timeKnown: z.boolean().meta({
      description:
        'False: nobody knows when it took place. It counts in totals, and in no hour, day, activity or first sighting',
    }),
    timeFrom: z.enum(['trap', 'person', 'session', 'neighbours', 'receipt']).nullable().meta({
      description:
        "Who says when it took place: the trap's clock; where that is wrong, a person, its session, or other messages of the same clock; where the trap says no time, its receipt. Null where nobody knows",
    }),
    storedCrops: count(),
    announcedCrops: count().nullable(),
    bytes: count(),
    status: z.enum(['open', 'complete']),
    completedBecause: z.enum(['all-crops', 'silent-after-end', 'silent']).nullable(),
    completedAt: instant().nullable(),
    endStatus: z.enum(['complete', 'aborted']).nullable(),
    receipt: z.enum(['incomplete', 'complete']).nullable(),
    receivedAt: z.strictObject({ first: instant(), last: instant() }),
    removed: z.boolean().meta({ description: 'All its pictures were removed; what is known of it stays' }),
    reviewed: z.boolean().meta({ description: "A person's verdict stands" }),
    observation: OBSERVATION.nullable().meta({
      description: 'The verdict that counts. Null until there is one',
    }),
    modelObservation: MODEL_OBSERVATION.nullable().meta({ description: 'Null until the run is classified' }),
    reviews: z.array(REVIEW).optional().meta({ description: 'What people said of it, oldest first' }),
    links: z.strictObject({
      self: link(),
      trap: link(),
      image: link().nullable(),
      thumbnail: link().nullable(),
    }),
  })
  .meta({ id: 'Run', description: 'One insect, followed by the trap: one visit' });

export const EXAMPLE_RUN: z.output<typeof RUN> = {
  trapId: 'meadow-1',
  runId: '20260601_100000-17',
  trapName: 'Meadow',
  timeZone: 'Europe/Zurich',
  firstSighting: null,
  start: '2026-06-01T08:00:00.000Z',
  startOffsetMin: 120,
  end: '2026-06-01T08:00:07.000Z',
  endOffsetMin: 120,
  durationS: 7,
  clockSuspect: false,
  timeKnown: true,
  timeFrom: 'trap',
  storedCrops: 12,
  announcedCrops: 12,
  bytes: 284_113,
  status: 'complete',
  completedBecause: 'all-crops',
  completedAt: '2026-06-01T08:00:09.120Z',
  endStatus: 'complete',
  receipt: 'complete',
  receivedAt: { first: '2026-06-01T08:00:01.240Z', last: '2026-06-01T08:00:08.900Z' },
  removed: false,
  reviewed: true,
  observation: {
    label: 'Volucella_zonaria',
    taxon: 'Volucella zonaria',
    rank: 'species',
    group: 'hoverflies',
    names: { en: 'Hornet hoverfly', de: 'Hornissenschwebfliege' },
    probability: 1,
    unsure: false,
    rolledUp: false,
    insect: true,
    crops: 12,
    top1Crops: null,
    top1ProbMean: null,
    model: 'aml-2026-1.0',
    final: true,
    revision: 3,
    observedAt: '2026-06-01T08:00:09.120Z',
  },
  modelObservation: {
    label: 'wasp',
    taxon: 'Vespula vulgaris',
    rank: 'species',
    group: 'wasps',
    names: { en: 'Wasp', de: 'Wespe' },
    probability: 0.41,
    unsure: false,
    rolledUp: false,
    insect: true,
    crops: 12,
    top1Crops: 7,
    top1ProbMean: 0.7,
    model: 'aml-2026-1.0',
    final: true,
    observedAt: '2026-06-01T08:00:09.120Z',
  },
  reviews: [EXAMPLE_REVIEW],
  links: {
    self: '/api/v1/runs/meadow-1/20260601_100000-17',
    trap: '/api/v1/traps/meadow-1',
    image: '/api/v1/runs/meadow-1/20260601_100000-17/crops/0001',
    thumbnail: '/api/v1/runs/meadow-1/20260601_100000-17/crops/0001/thumbnail',
  },
};

const NEIGHBOUR = z.strictObject({ trapId: id, runId: id }).nullable();

/** What stands beside a run in a list. */
export const NEIGHBOURS = z
  .strictObject({ newer: NEIGHBOUR, older: NEIGHBOUR })
  .meta({ id: 'Neighbours', description: 'Null at the end of the list' });

export const EXAMPLE_NEIGHBOURS: z.output<typeof NEIGHBOURS> = {
  newer: null,
  older: { trapId: 'meadow-1', runId: '20260601_095800-16' },
};
