import { link, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { snapshotsOf } from './backup-folder.js';
import { type Checksum, sha256Of } from './checksums.js';
import { copyWhole } from './copy-file.js';
import { OTHER_FILES } from './layout.js';

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
