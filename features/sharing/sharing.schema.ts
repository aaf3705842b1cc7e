import { z } from 'zod';
import { count, instant, link, onlyTheseFields } from '../http/index.js';
import { NAMES } from '../taxa/index.js';

const DAY_S = 86_400;
const LONGEST_S = 31 * DAY_S;
const SECONDS = `must be a whole number of seconds from 60 to ${LONGEST_S}`;

export const SHARE = onlyTheseFields({
  expiresInS: z
    .int({ error: SECONDS })
    .min(60, { error: SECONDS })
    .max(LONGEST_S, { error: SECONDS })
    .default(7 * DAY_S),
});

export const SHARED_LINK = z
  .strictObject({ url: link(), path: z.string(), expiresAt: instant() })
  .meta({ id: 'SharedLink', description: 'A page that needs no login' });

export const EXAMPLE_SHARED_LINK: z.output<typeof SHARED_LINK> = {
  url: 'https://traps.example.org/shared/c2hhcmVkL21lYWRvdy0x',
  path: '/shared/c2hhcmVkL21lYWRvdy0x',
  expiresAt: '2026-06-08T08:00:00.000Z',
};

export const SHARED_RUN = z
  .strictObject({
    label: z.string().optional(),
    taxon: z.string().optional(),
    names: NAMES.optional(),
    uncertain: z.boolean(),
    reviewed: z.boolean(),
    seenOn: z.iso
      .date()
      .nullable()
      .meta({ description: "By the trap's clock; null where the time is unknown" }),
    seenAt: z.string().nullable(),
    timeZone: z.string(),
    trap: z.string().nullable().meta({ description: 'Its name; no place' }),
    credit: z.string().nullable(),
    licence: z.string().nullable(),
    image: link().meta({ description: 'The picture without its metadata, as long as the link lasts' }),
    width: count(),
    height: count(),
    expiresAt: instant(),
  })
  .meta({ id: 'SharedRun', description: 'One visit for somebody without an account' });

export const EXAMPLE_SHARED_RUN: z.output<typeof SHARED_RUN> = {
  label: 'hfly_episyr',
  taxon: 'Episyrphus balteatus',
  names: { en: 'Marmalade hoverfly', de: 'Hainschwebfliege' },
  uncertain: false,
  reviewed: true,
  seenOn: '2026-06-01',
  seenAt: '10:00',
  timeZone: 'Europe/Zurich',
  trap: 'Meadow South',
  credit: 'Meadow Group',
  licence: 'CC-BY-4.0',
  image: '/api/v1/shared/c2hhcmVkL21lYWRvdy0x/image',
  width: 214,
  height: 208,
  expiresAt: '2026-06-08T08:00:00.000Z',
};
