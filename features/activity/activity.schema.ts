import { z } from 'zod';
import { count, instant, iso, share } from '../http/index.js';
import type { FirstSightingRow } from '../observations/index.js';
import { GROUP_NAMES, NAMES } from '../taxa/index.js';
import type { ActivityHour, AnsweredEpisode } from './activity.repository.js';
import { episodeSentence } from './episode-sentence.js';

const group = () => z.string().meta({ description: 'Taxon group, or `all` for all insects' });

export const ACTIVITY_HOUR = z
  .strictObject({
    trapId: z.string(),
    group: group(),
    groupNames: GROUP_NAMES.optional(),
    start: instant(),
    localHour: z.int().min(0).max(23).meta({ description: "Hour of the day by the trap's own clock" }),
    count: count().meta({ description: 'Visits' }),
    effortMin: z.number().min(0).meta({ description: 'Minutes recorded' }),
    state: z.enum(['judged', 'learning', 'missing']).meta({
      description: '`learning`: fewer than 12 days have data at this time of day. `missing`: hardly recorded',
    }),
    days: z.int().nullable().meta({ description: 'While learning: days with data so far' }),
    expected: z.number().nullable().meta({ description: 'Visits to be expected with this effort' }),
    upper: z.int().nullable().meta({ description: 'Up to here a count is not unusual' }),
    score: z
      .number()
      .nullable()
      .meta({ description: '(count - expected) / (upper - expected); above 1 is unusual' }),
    pValue: share().nullable().meta({ description: 'Probability of so many visits or more' }),
    alarm: z.boolean(),
  })
  .meta({
    id: 'ActivityHour',
    description: 'One hour of one group at one trap, held against the same time of day in the 21 days before',
  });

export const EXAMPLE_ACTIVITY_HOUR: z.output<typeof ACTIVITY_HOUR> = {
  trapId: 'meadow-1',
  group: 'moths',
  groupNames: { en: 'moths', de: 'Nachtfalter' },
  start: '2026-06-01T00:00:00.000Z',
  localHour: 2,
  count: 5,
  effortMin: 40,
  state: 'judged',
  days: null,
  expected: 0.1,
  upper: 2,
  score: 2.58,
  pValue: 0.0000003,
  alarm: true,
};

export const FIRST_SIGHTING = z
  .strictObject({
    id: z.string(),
    trapId: z.string(),
    taxon: z.string().meta({ description: 'Species or genus' }),
    rank: z.string().nullable(),
    group: z.string().nullable(),
    names: NAMES.optional(),
    kind: z.enum(['ever', 'season', 'return']).meta({
      description:
        '`ever`: never before at this trap. `season`: not before in this year. `return`: not in the 60 days before',
    }),
    runId: z.string(),
    at: instant(),
    lastBefore: instant().nullable().meta({ description: 'When it had been seen before' }),
    firstAnywhere: z.boolean().meta({ description: 'No other trap had seen it before' }),
    state: z.enum(['standing', 'withdrawn']),
    announced: z.boolean().meta({ description: 'False: it was found in the past, and nobody was told' }),
    reason: z.string().nullable().meta({ description: 'Why it was withdrawn' }),
    notedAt: instant(),
    changedAt: instant(),
  })
  .meta({ id: 'FirstSighting', description: 'A species or genus at a trap for the first time' });

export const EXAMPLE_FIRST_SIGHTING: z.output<typeof FIRST_SIGHTING> = {
  id: 'meadow-1.Apis_mellifera.season.20260411',
  trapId: 'meadow-1',
  taxon: 'Apis mellifera',
  rank: 'species',
  group: 'bees',
  names: { en: 'Western honey bee', de: 'Westliche Honigbiene' },
  kind: 'season',
  runId: '20260411_100000-17',
  at: '2026-04-11T08:00:00.000Z',
  lastBefore: '2025-09-30T14:10:00.000Z',
  firstAnywhere: false,
  state: 'standing',
  announced: true,
  reason: null,
  notedAt: '2026-04-11T08:00:20.000Z',
  changedAt: '2026-04-11T08:00:20.000Z',
};

/** Whether an episode was right; `other`: something was there, but not what it says. */
export const EPISODE_ANSWERS = ['yes', 'no', 'other'] as const;

export const EPISODE = z
  .strictObject({
    id: z.string(),
    trapId: z.string(),
    group: group(),
    groupNames: GROUP_NAMES.optional(),
    sentence: z
      .strictObject({ en: z.string(), de: z.string() })
      .meta({ description: 'For people: its most unusual hour. Hours are those of the trap' }),
    start: instant(),
    end: instant(),
    state: z.enum(['open', 'closed', 'withdrawn']),
    reason: z.string().nullable().meta({ description: 'Why it was withdrawn' }),
    count: count().meta({ description: 'Visits in its unusual hours' }),
    expected: z.number().meta({ description: 'Visits to be expected in these hours' }),
    openedAt: instant(),
    changedAt: instant(),
    evidence: z.array(
      z.strictObject({
        localHour: z.int().min(0).max(23),
        count: count(),
        expected: z.number(),
        upper: z.int(),
        score: z.number(),
        pValue: share(),
      }),
    ),
    answers: z
      .array(
        z.strictObject({
          answer: z.enum(EPISODE_ANSWERS),
          by: z.string().meta({ description: 'Name of the person or the key' }),
          byKind: z.enum(['key', 'user']),
          at: instant(),
        }),
      )
      .meta({ description: 'What people say of it, one answer each, oldest first' }),
  })
  .meta({ id: 'Episode', description: 'Unusual hours that are at most six hours apart' });

export const EXAMPLE_EPISODE: z.output<typeof EPISODE> = {
  id: 'meadow-1.moths.494498',
  trapId: 'meadow-1',
  group: 'moths',
  groupNames: { en: 'moths', de: 'Nachtfalter' },
  sentence: {
    en: 'Unusually many moths: 5 visits between 2 and 3 h; up to 2 were to be expected.',
    de: 'Ungewöhnlich viele Nachtfalter: 5 Besuche zwischen 2 und 3 Uhr; zu erwarten waren bis zu 2.',
  },
  start: '2026-06-01T00:00:00.000Z',
  end: '2026-06-01T01:00:00.000Z',
  state: 'closed',
  reason: null,
  count: 5,
  expected: 0.1,
  openedAt: '2026-06-01T01:05:00.000Z',
  changedAt: '2026-06-01T08:05:00.000Z',
  evidence: [{ localHour: 2, count: 5, expected: 0.1, upper: 2, score: 2.58, pValue: 0.0000003 }],
  answers: [{ answer: 'yes', by: 'anna', byKind: 'user', at: '2026-06-02T07:12:44.031Z' }],
};

const DAY_H = 24;

export const presentHour = (hour: ActivityHour): z.output<typeof ACTIVITY_HOUR> => ({
  trapId: hour.trapId,
  group: hour.group,
  start: iso(hour.startMs),
  localHour: hour.hour % DAY_H,
  count: hour.visits,
  effortMin: hour.effortMin,
  state: hour.state,
  days: hour.days,
  expected: hour.expected,
  upper: hour.upper,
  score: hour.score,
  pValue: hour.pHigh,
  alarm: hour.alarm,
});

export const presentEpisode = (episode: AnsweredEpisode): z.output<typeof EPISODE> => ({
  id: episode.id,
  trapId: episode.trapId,
  group: episode.group,
  sentence: episodeSentence(episode.group, episode.evidence),
  start: iso(episode.startMs),
  end: iso(episode.endMs),
  state: episode.state,
  reason: episode.reason,
  count: episode.evidence.reduce((sum, { count }) => sum + count, 0),
  expected: episode.evidence.reduce((sum, { expected }) => sum + expected, 0),
  openedAt: iso(episode.openedAtMs),
  changedAt: iso(episode.changedAtMs),
  evidence: episode.evidence.map(({ hour, count, expected, upper, score, pHigh }) => ({
    localHour: hour % DAY_H,
    count,
    expected,
    upper,
    score,
    pValue: pHigh,
  })),
  answers: episode.answers.map(({ answer, by, byKind, atMs }) => ({ answer, by, byKind, at: iso(atMs) })),
});

export const presentFirstSighting = (row: FirstSightingRow): z.output<typeof FIRST_SIGHTING> => ({
  id: row.id,
  trapId: row.trap_id,
  taxon: row.taxon,
  rank: row.rank,
  group: row.taxon_group,
  kind: row.kind,
  runId: row.run_id,
  at: iso(row.at_ms),
  lastBefore: row.last_before_ms === null ? null : iso(Number(row.last_before_ms)),
  firstAnywhere: row.first_anywhere === 1,
  state: row.state,
  announced: row.announced === 1,
  reason: row.reason,
  notedAt: iso(Number(row.noted_at)),
  changedAt: iso(Number(row.changed_at)),
});
