import type { IconName } from '../components/icon.js';
import { shell } from '../texts/shell.js';

/** The pages of the sidebar, in its order, with the key behind `g`. */
export const PAGES = [
  { name: 'today', path: '/', key: 't', keepsScope: true },
  { name: 'gallery', path: '/gallery', key: 'g', keepsScope: true },
  { name: 'review', path: '/review', key: 'r', keepsScope: false },
  { name: 'activity', path: '/activity', key: 'a', keepsScope: true },
  { name: 'season', path: '/season', key: 's', keepsScope: true },
  { name: 'traps', path: '/traps', key: 'p', keepsScope: false },
  { name: 'downloads', path: '/downloads', key: 'd', keepsScope: true },
] as const satisfies readonly {
  readonly name: IconName & keyof typeof shell;
  readonly path: string;
  readonly key: string;
  readonly keepsScope: boolean;
}[];
export const SETTINGS = { name: 'settings', path: '/settings', keepsScope: false } as const;
export type Page = (typeof PAGES)[number] | typeof SETTINGS;

/** Parameters that say what of the station is looked at: kept on the way from page to page. */
const SCOPE = ['trap', 'day', 'from', 'to', 'group'];

/** Where a link of the sidebar leads: to the same trap and period, where the page has them. */
export function linkTo({ path, keepsScope }: Page, query: Readonly<Record<string, string>>): string {
  if (!keepsScope) return path;
  const scope = new URLSearchParams();
  for (const name of SCOPE) if (query[name]) scope.set(name, query[name]);
  return scope.size ? `${path}?${scope}` : path;
}

/** The page of the sidebar to which an address belongs. */
export function pageOf(path: string): Page | undefined {
  if (path.startsWith('/runs/')) return PAGES[1];
  if (path.startsWith(SETTINGS.path)) return SETTINGS;
  return PAGES.find((page) => (page.path === '/' ? path === '/' : path.startsWith(page.path)));
}
