import { withQuery } from '../api/client.js';
import { may, stationZone } from '../api/session.js';
import type { IconName } from '../components/icon.js';
import { addDays, dayOf } from '../texts/format.js';
import { shell } from '../texts/shell.js';

/** As many days back as the service counts questions. */
const REVIEW_DAYS = 7;

/** The pages of the sidebar, in its order, with the key behind `g`. */
export const PAGES = [
  { name: 'today', path: '/', key: 't', keepsScope: true, keepsPeriod: true },
  { name: 'gallery', path: '/gallery', key: 'g', keepsScope: true, keepsPeriod: true },
  { name: 'review', path: '/review', key: 'r', keepsScope: false, keepsPeriod: false },
  { name: 'activity', path: '/activity', key: 'a', keepsScope: true, keepsPeriod: false },
  { name: 'season', path: '/season', key: 's', keepsScope: true, keepsPeriod: false },
  { name: 'traps', path: '/traps', key: 'p', keepsScope: false, keepsPeriod: false },
  { name: 'downloads', path: '/downloads', key: 'd', keepsScope: true, keepsPeriod: true },
] as const satisfies readonly {
  readonly name: IconName & keyof typeof shell;
  readonly path: string;
  readonly key: string;
  readonly keepsScope: boolean;
  /** It shows the visits of a period, and names the period first: only there is one carried from page to page. */
  readonly keepsPeriod: boolean;
}[];
export const SETTINGS = {
  name: 'settings',
  path: '/settings',
  keepsScope: false,
  keepsPeriod: false,
} as const;
export type Page = (typeof PAGES)[number] | typeof SETTINGS;

/** The pages of who is logged in: only who may give a verdict is asked for one. */
export const ownPages = (): readonly (typeof PAGES)[number][] =>
  PAGES.filter(({ name }) => name !== 'review' || may('editor'));

/** The visits that need a person, in the gallery. */
export const reviewLink = (): string =>
  withQuery('/gallery', {
    attention: true,
    from: addDays(dayOf(new Date(), stationZone.value), -REVIEW_DAYS),
  });

/**
 * Where a link of the sidebar leads: to the same trap, group and period, where the page has them. What was chosen for the
 * charts of a season, or came with the visits that need a person, is no period of other pages.
 *
 * @param here the address that is shown
 */
export function linkTo(
  { name, path, keepsScope, keepsPeriod }: Page,
  query: Readonly<Record<string, string>>,
  here: string,
): string {
  if (!keepsScope) return path;
  const { trap, group } = query;
  const { day, from = day, to = day } = keepsPeriod && pageOf(here, query)?.keepsPeriod ? query : {};
  const isOneDay = from !== undefined && from === to;
  return withQuery(
    path,
    name === 'today' ? { day: isOneDay ? from : undefined, trap } : { trap, group, from, to },
  );
}

/** The page of the sidebar to which an address belongs. */
export function pageOf(path: string, query: Readonly<Record<string, string>> = {}): Page | undefined {
  if (path === '/gallery' && query['attention']) return PAGES[2];
  if (path.startsWith('/runs/')) return PAGES[1];
  // No trap's page: `new` is the id of one like any other.
  if (path === '/add-trap') return PAGES[5];
  if (path.startsWith(SETTINGS.path)) return SETTINGS;
  return PAGES.find((page) => (page.path === '/' ? path === '/' : path.startsWith(page.path)));
}
