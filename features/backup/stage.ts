import { link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CATALOG_FILE } from '../../libs/database/index.js';
import { syncFolder } from '../../libs/store/index.js';
import { BackupError } from './backup-error.js';
import { type Checksum, sha256Of } from './checksums.js';
import { copyWhole, writeWhole } from './copy-file.js';
import { MISSING, OTHER_FILES } from './layout.js';
import { STAGING } from './restore-files.js';
import type { Secrets } from './secrets.js';
import { filesOf, type Snapshot } from './snapshot.js';

/** How far a restore is. */
export interface Staged {
  readonly files: number;
  readonly pictures: number;
}

/** The same, and what of the backup is not what it was. */
interface Compared extends Staged {
  /** Full paths of files that are damaged or missing: pictures, or what else was in the data folder. */
  readonly damaged: readonly string[];
}

/**
 * Compares every file of a snapshot with its checksum.
 *
 * @throws BackupError `damaged` where it is the catalog that is not what it was: nothing can be restored without it
 */
export async function checkFiles(snapshot: Snapshot, onProgress: (soFar: Staged) => void): Promise<Compared> {
  return eachFile(snapshot, onProgress, async (file) => (await hashOf(file.from)) === file.sha256);
}

/**
 * Gathers a snapshot in a folder within the data folder, each file compared with its checksum as it is copied. Pictures
 * that the data folder has already are linked: they need no room. What is damaged is left out, and named.
 *
 * @returns the folder
 * @throws BackupError `damaged`; the data folder is as it was then
 */
export async function stage(
  snapshot: Snapshot,
  dataDir: string,
  secrets: Secrets | undefined,
  onProgress: (soFar: Staged) => void,
): Promise<Compared & { readonly folder: string }> {
  for (const name of await readdir(dataDir))
    if (name.startsWith(STAGING)) await rm(join(dataDir, name), { recursive: true });
  const staging = join(dataDir, `${STAGING}${process.pid}`);
  await mkdir(join(staging, 'images'), { recursive: true, mode: 0o700 });
  try {
    const folders = new Set([staging]);
    const sum = await eachFile(snapshot, onProgress, async (file) => {
      const path = stagedPath(file);
      if (path === undefined) return true;
      const to = join(staging, path);
      const isThere =
        (file.isPicture && (await linkSame(join(dataDir, path), file, to))) || (await copySame(file, to));
      if (isThere)
        for (let folder = dirname(to); folder !== staging; folder = dirname(folder)) folders.add(folder);
      return isThere;
    });
    for (const [name, bytes] of secrets?.files ?? []) await writeWhole(join(staging, name), bytes);
    for (const folder of folders) await syncFolder(folder);
    return { ...sum, folder: staging };
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

type SnapshotFile = Checksum & { readonly from: string; readonly isPicture: boolean };

/** @param isWhole false where a file is not what it was */
async function eachFile(
  snapshot: Snapshot,
  onProgress: (soFar: Staged) => void,
  isWhole: (file: SnapshotFile) => Promise<boolean>,
): Promise<Compared> {
  const sum = { files: 0, pictures: 0 };
  let listed = 0;
  const damaged: string[] = [];
  for await (const file of filesOf(snapshot)) {
    if (file.isPicture) listed += 1;
    if (await isWhole(file)) {
      sum.files += 1;
      if (file.isPicture) sum.pictures += 1;
    } else {
      if (file.path === CATALOG_FILE)
        throw new BackupError(
          'damaged',
          `${file.from} is damaged or missing: nothing was restored; take an earlier snapshot`,
        );
      damaged.push(file.from);
    }
    onProgress(sum);
  }
  expectPictures(snapshot, listed);
  return { ...sum, damaged };
}

/** Where in a data folder a file of a snapshot belongs; undefined where it is about the backup only. */
function stagedPath({ path }: Checksum): string | undefined {
  if (path === MISSING) return undefined;
  return path.startsWith(`${OTHER_FILES}/`) ? path.slice(OTHER_FILES.length + 1) : path;
}

async function linkSame(present: string, { sha256 }: Checksum, to: string): Promise<boolean> {
  if (!(await stat(present).catch(() => undefined))?.isFile()) return false;
  if ((await sha256Of(present).catch(() => undefined)) !== sha256) return false;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  return link(present, to).then(
    () => true,
    () => false,
  );
}

/** @returns false, and leaves nothing behind, where the bytes in the backup are not what they were */
async function copySame({ from, sha256 }: SnapshotFile, to: string): Promise<boolean> {
  try {
    if ((await copyWhole(from, to)) === sha256) return true;
    await rm(to);
  } catch (error) {
    // Where it can be read, it is the copy that has failed, and not the backup.
    if ((await hashOf(from)) === sha256) throw error;
  }
  return false;
}

/** Undefined where it is not there, or its disk does not give it. */
const hashOf = (path: string): Promise<string | undefined> => sha256Of(path).catch(() => undefined);

function expectPictures({ manifest, folder }: Snapshot, listed: number): void {
  if (listed !== manifest.counts.pictures)
    throw new BackupError(
      'damaged',
      `${folder} lists ${listed} pictures, and should list ${manifest.counts.pictures}`,
    );
}
