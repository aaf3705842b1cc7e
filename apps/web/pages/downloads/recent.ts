import { signal } from '@preact/signals';

/** A download that this browser began. */
export interface RecentDownload {
  readonly title: string;
  /** Path and query of the API */
  readonly path: string;
  readonly atMs: number;
}

const KEY = 'trapline.downloads';
const MOST_KEPT = 8;

export const recent = signal<readonly RecentDownload[]>(read());

/** Keeps in mind what was downloaded, so that it can be fetched again, or gone on with, in one click. */
export function remember(download: RecentDownload): void {
  write([download, ...recent.value.filter(({ path }) => path !== download.path)].slice(0, MOST_KEPT));
}

export const forget = (path: string): void => write(recent.value.filter((each) => each.path !== path));

function write(downloads: readonly RecentDownload[]): void {
  recent.value = downloads;
  try {
    localStorage.setItem(KEY, JSON.stringify(downloads));
  } catch {
    // They last until the page is closed.
  }
}

function read(): readonly RecentDownload[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isDownload) : [];
  } catch {
    return [];
  }
}

/** Only paths of the API: nothing else is ever put into a link. */
function isDownload(value: Partial<RecentDownload> | null): value is RecentDownload {
  return (
    typeof value?.title === 'string' &&
    typeof value.atMs === 'number' &&
    typeof value.path === 'string' &&
    value.path.startsWith('/api/v1/downloads/')
  );
}
