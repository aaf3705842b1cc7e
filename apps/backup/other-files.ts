import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MARK_FILE } from '../../libs/catalog/index.js';
import { isRestoreFile } from './restore-files.js';

/** Known by another way, or worth nothing elsewhere. */
const NOT_COPIED = new Set([
  'images',
  'inbox',
  'thumbnails',
  'downloads',
  'set-aside',
  'images-layout',
  MARK_FILE,
]);
const isDatabase = (name: string) => /^(catalog\.sqlite|folder\.lock)(-|$)/.test(name);

/** Only the owner may read them: they are secrets. */
const NOT_FOR_OTHERS = 0o077;

export interface OtherFiles {
  /** Names and bytes of secret files, straight in the data folder. */
  readonly secret: ReadonlyMap<string, Buffer>;
  /** All others, with `/`, below the data folder. */
  readonly open: readonly string[];
}

/** What is in a data folder beside the catalog and the pictures: models, keys, and whatever else was put there. */
export async function otherFiles(dataDir: string): Promise<OtherFiles> {
  const secret = new Map<string, Buffer>();
  const open: string[] = [];
  for (const entry of await readdir(dataDir, { withFileTypes: true })) {
    const { name } = entry;
    if (NOT_COPIED.has(name) || name.endsWith('.new') || isDatabase(name) || isRestoreFile(name)) continue;
    const path = join(dataDir, name);
    if (entry.isDirectory()) open.push(...(await filesUnder(path, name)));
    else if (entry.isFile()) {
      if ((await stat(path)).mode & NOT_FOR_OTHERS) open.push(name);
      else secret.set(name, await readFile(path));
    }
  }
  return { secret, open: open.sort() };
}

async function filesUnder(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = `${name}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(join(folder, entry.name), path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}
