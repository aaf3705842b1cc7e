import { z } from 'zod';
import { EPISODE, EXAMPLE_EPISODE, EXAMPLE_FIRST_SIGHTING, FIRST_SIGHTING } from '../activity/index.js';
import { count, instant, link } from '../http/index.js';
import { EXAMPLE_RUN, RUN } from '../runs/index.js';
import { GROUP_NAMES, NAMES } from '../taxa/index.js';

const RANGE = z.strictObject({ low: count(), median: count(), high: count() }).meta({
  id: 'UsualRange',
  description:
    'Of the 21 days before, up to the same local time, each scaled to the same recorded time: the 10 %, 50 % and 90 % quantiles',
});

const usual = () => RANGE.nullable().meta({ description: 'Null while there are fewer than 12 such days' });

const TRAP_STATE = z.enum(['online', 'sleeping', 'offline', 'silent', 'never']);

export const TODAY = z
  .strictObject({
    date: z.iso.date(),
    timeZone: z.string(),
    from: instant(),
    to: instant(),
    isToday: z.boolean(),
    until: z
      .string()
      .meta({ description: 'Local time up to which days are compared; 24:00 for a day that is over' }),
    nowHour: z.number().nullable().meta({ description: 'Of the present day: hours since midnight' }),
    everReceived: z.boolean().meta({ description: 'Whether any run has ever arrived' }),
    demoModel: z.boolean().meta({ description: 'The demo model classifies, which knows no real insect' }),
    modelActive: z.boolean(),
    learning: z
      .strictObject({ days: count(), needed: count() })
      .nullable()
      .meta({ description: 'While fewer of the 21 days before are recorded than are needed' }),
    visits: z.strictObject({ count: count(), usual: usual() }),
    kinds: z.strictObject({ count: count(), usual: usual() }),
    uncertain: count(),
    notInsects: count(),
    timeUnknown: count().meta({ description: 'Visits of unknown time: they are in no day' }),
    effort: z.strictObject({
      minutes: z.number().nullable().meta({ description: 'Recorded so far; null where nobody knows' }),
      usualMinutes: z.number().nullable(),
      traps: count().meta({ description: 'Traps that recorded' }),
    }),
    history: z
      .strictObject({ days: count(), needed: count() })
      .meta({ description: 'How many of the 21 days before can be compared, and how many are needed' }),
    headline: z.strictObject({
      kind: z.enum(['more', 'fewer', 'usual', 'learning', 'nothing-recorded']),
      group: z.string().optional().meta({ description: 'The taxon group that differs most' }),
      groupNames: GROUP_NAMES.optional(),
      trapId: z.string().optional(),
    }),
    hours: z
      .array(
        z.strictObject({
          hour: z.int().min(0).max(23),
          visits: count(),
          minutes: z.number().nullable(),
          expected: z.number().nullable(),
          low: count().nullable(),
          high: count().nullable(),
          unusual: z.boolean().meta({ description: 'An alarm of a group at a trap' }),
        }),
      )
      .length(24),
    taxa: z.array(
      z.strictObject({
        label: z.string(),
        taxon: z.string().nullable(),
        group: z.string().nullable(),
        names: NAMES.optional(),
        visits: count(),
        usual: usual(),
        thumbnail: link().nullable(),
      }),
    ),
    moreTaxa: z.strictObject({ kinds: count(), visits: count() }),
    call: z
      .strictObject({
        questions: count(),
        minutes: count(),
        firstSightings: count(),
        episodes: count(),
        uncertain: count(),
        filter: z.string().meta({ description: 'Of `GET /runs`, which lists them' }),
        thumbnails: z.array(link()),
      })
      .meta({ description: 'What waits for a person, of the last seven days' }),
    looked: count().meta({ description: 'Runs that people reviewed on this day' }),
    firstSightings: z.array(
      FIRST_SIGHTING.extend({ names: NAMES.optional(), thumbnail: link().nullable() }).meta({
        id: 'SightingOfDay',
      }),
    ),
    episodes: z.array(
      EPISODE.extend({
        visits: count().meta({ description: 'Of its group, from its start to its end' }),
        thumbnails: z.array(link()),
      }).meta({ id: 'EpisodeOfDay' }),
    ),
    newest: z
      .array(RUN)
      .meta({ description: 'Insects of the day; today also of earlier days, where it has few' }),
    traps: z.strictObject({
      online: count(),
      sleeping: count(),
      offline: count(),
      silent: count(),
      never: count(),
      attention: z.array(
        z.strictObject({
          trapId: z.string(),
          name: z.string().nullable(),
          state: TRAP_STATE,
          since: instant().nullable(),
        }),
      ),
    }),
  })
  .meta({ id: 'Today', description: 'One local day against what is usual' });

const THUMBNAIL = '/api/v1/runs/meadow-1/run-1/crops/0001/thumbnail';

export const EXAMPLE_TODAY: z.output<typeof TODAY> = {
  date: '2026-06-01',
  timeZone: 'Europe/Zurich',
  from: '2026-05-31T22:00:00.000Z',
  to: '2026-06-01T22:00:00.000Z',
  isToday: true,
  until: '14:40',
  nowHour: 14.67,
  everReceived: true,
  demoModel: false,
  modelActive: true,
  learning: null,
  visits: { count: 142, usual: { low: 61, median: 84, high: 108 } },
  kinds: { count: 17, usual: { low: 11, median: 14, high: 18 } },
  uncertain: 9,
  notInsects: 31,
  timeUnknown: 2,
  effort: { minutes: 1180, usualMinutes: 1200, traps: 4 },
  history: { days: 21, needed: 12 },
  headline: { kind: 'more', group: 'hoverflies', trapId: 'meadow-1' },
  hours: Array.from({ length: 24 }, (_, hour) => ({
    hour,
    visits: 0,
    minutes: 0,
    expected: 0.2,
    low: 0,
    high: 1,
    unusual: false,
  })),
  taxa: [
    {
      label: 'hfly_episyr',
      taxon: 'Episyrphus balteatus',
      group: 'hoverflies',
      names: { en: 'Marmalade hoverfly', de: 'Hainschwebfliege' },
      visits: 51,
      usual: { low: 6, median: 12, high: 22 },
      thumbnail: THUMBNAIL,
    },
  ],
  moreTaxa: { kinds: 9, visits: 11 },
  call: {
    questions: 12,
    minutes: 2,
    firstSightings: 1,
    episodes: 1,
    uncertain: 10,
    filter: 'attention=true&from=2026-05-25T12:40:00.000Z',
    thumbnails: [THUMBNAIL],
  },
  looked: 74,
  firstSightings: [
    { ...EXAMPLE_FIRST_SIGHTING, names: { en: 'Western honey bee', de: 'Honigbiene' }, thumbnail: THUMBNAIL },
  ],
  episodes: [{ ...EXAMPLE_EPISODE, visits: 61, thumbnails: [THUMBNAIL] }],
  newest: [EXAMPLE_RUN],
  traps: {
    online: 2,
    sleeping: 1,
    offline: 0,
    silent: 1,
    never: 0,
    attention: [
      { trapId: 'riverbank', name: 'Riverbank', state: 'silent', since: '2026-05-30T08:00:00.000Z' },
    ],
  },
};
