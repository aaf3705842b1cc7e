import { join } from 'node:path';
import { takeFromOthers } from '../../libs/data-dir/index.js';

/** New files and folders of the service are its user's alone, whoever made the data folder. */
const PRIVATE_UMASK = 0o077;

/** What older versions have left open to everybody, and how much of that ends: a group may share the pictures. */
const FOLDERS: Readonly<Record<string, number>> = {
  inbox: 0o077,
  downloads: 0o077,
  thumbnails: 0o077,
  images: 0o007,
};

/** Before the first file is written. Models are nobody's secret. */
export function keepFoldersPrivate(dataDir: string): void {
  process.umask(PRIVATE_UMASK);
  for (const [name, rights] of Object.entries(FOLDERS)) takeFromOthers(join(dataDir, name), rights);
}
