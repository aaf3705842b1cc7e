import { withQuery } from '../../api/client.js';
import { addDays, startOfDay } from '../../texts/format.js';

/** What the address says of the visits that are wanted. All of it is text, as an address holds it. */
export type GalleryQuery = Readonly<Record<string, string | undefined>>;

/** Names in the address, in the order in which they stand there. */
const NAMES = [
  'trap',
  'label',
  'taxon',
  'group',
  'from',
  'to',
  'min',
  'unsure',
  'unreviewed',
  'attention',
  'episode',
  'all',
];

/** The address of the gallery, or of a page with the same filter, with a change; what is empty is taken out. */
export function galleryLink(query: GalleryQuery, change: GalleryQuery = {}, page = '/gallery'): string {
  const merged = { ...query, ...change };
  return withQuery(page, Object.fromEntries(NAMES.map((name) => [name, merged[name]])));
}

/** The parameters of the API for an address. Days begin by the clock of that zone; the last one is included. */
export function apiFilter(query: GalleryQuery, zone: string): Readonly<Record<string, string | undefined>> {
  const { from, to, min } = query;
  const share = Number(min) / 100;
  return {
    trap: query['trap'],
    label: query['label'],
    taxon: query['taxon'],
    group: query['group'],
    from: isDay(from) ? startOfDay(from, zone) : undefined,
    to: isDay(to) ? startOfDay(addDays(to, 1), zone) : undefined,
    minProbability: min && share > 0 && share <= 1 ? String(share) : undefined,
    unsure: query['unsure'] && 'true',
    reviewed: query['unreviewed'] && 'false',
    attention: query['attention'] && 'true',
    episode: query['episode'],
    insectsOnly: query['all'] ? undefined : 'true',
  };
}

const isDay = (text: string | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '');

/** Whether anything narrows the list beside "insects only". */
export const isFiltered = (query: GalleryQuery): boolean =>
  NAMES.some((name) => name !== 'all' && query[name]);
