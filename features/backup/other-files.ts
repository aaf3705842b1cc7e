import { link, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MARK_FILE } from '../../libs/data-dir/index.js';
import { snapshotsOf } from './backup-folder.js';
import { type Checksum, sha256Of } from './checksums.js';
import { copyWhole } from './copy-file.js';
import { OTHER_FILES } from './layout.js';
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

interface OtherFiles {
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

/**
 * Copies models and the like into a snapshot. What the last snapshot has already is linked: a model is large, and rarely
 * another one than yesterday.
 *
 * @param names with `/`, below the data folder
 */
export async function copyOtherFiles(
  dataDir: string,
  names: readonly string[],
  backup: string,
  snapshot: string,
): Promise<Checksum[]> {
  const [last] = await snapshotsOf(backup);
  const copied: Checksum[] = [];
  for (const name of names) {
    const path = `${OTHER_FILES}/${name}`;
    const from = join(dataDir, name);
    const to = join(snapshot, path);
    const known = last && (await linkSame(from, join(backup, last, path), to));
    copied.push({ path, sha256: known ?? (await copyWhole(from, to)) });
  }
  return copied;
}

/** @returns the hash, where the earlier copy has the same bytes and could be linked */
async function linkSame(from: string, earlier: string, to: string): Promise<string | undefined> {
  const [now, before] = await Promise.all([stat(from), stat(earlier).catch(() => undefined)]);
  if (now.size !== before?.size) return undefined;
  const [hash, hashBefore] = await Promise.all([sha256Of(from), sha256Of(earlier)]);
  if (hash !== hashBefore) return undefined;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  // Some file systems have no links: then it is copied.
  return link(earlier, to).then(
    () => hash,
    () => undefined,
  );
}
