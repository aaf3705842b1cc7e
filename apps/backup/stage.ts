import { link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../libs/images/index.js';
import { BackupError } from './backup-error.js';
import { type Checksum, sha256Of } from './checksums.js';
import { copyWhole, writeWhole } from './copy-file.js';
import { filesOf, type Snapshot } from './find-snapshot.js';
import { MISSING, OTHER_FILES } from './layout.js';
import { STAGING } from './restore-files.js';
import type { Secrets } from './secrets.js';

/** How far a restore is. */
export interface Staged {
  readonly files: number;
  readonly pictures: number;
}

/**
 * Compares every file of a snapshot with its checksum.
 *
 * @throws BackupError `damaged` at the first that is not what it was
 */
export async function checkFiles(snapshot: Snapshot, onProgress: (soFar: Staged) => void): Promise<Staged> {
  const sum = { files: 0, pictures: 0 };
  for await (const file of filesOf(snapshot)) {
    expectSame(file.from, file, await sha256Of(file.from).catch(missing(file.from)));
    sum.files += 1;
    if (file.isPicture) sum.pictures += 1;
    onProgress(sum);
  }
  expectPictures(snapshot, sum);
  return sum;
}

/**
 * Gathers a snapshot in a folder within the data folder, each file compared with its checksum as it is copied. Pictures
 * that the data folder has already are linked: they need no room.
 *
 * @returns the folder
 * @throws BackupError `damaged`; the data folder is as it was then
 */
export async function stage(
  snapshot: Snapshot,
  dataDir: string,
  secrets: Secrets | undefined,
  onProgress: (soFar: Staged) => void,
): Promise<string> {
  for (const name of await readdir(dataDir))
    if (name.startsWith(STAGING)) await rm(join(dataDir, name), { recursive: true });
  const staging = join(dataDir, `${STAGING}${process.pid}`);
  await mkdir(join(staging, 'images'), { recursive: true, mode: 0o700 });
  try {
    const sum = { files: 0, pictures: 0 };
    const folders = new Set([staging]);
    for await (const file of filesOf(snapshot)) {
      const path = stagedPath(file);
      if (path === undefined) continue;
      const to = join(staging, path);
      if (!(file.isPicture && (await linkSame(join(dataDir, path), file, to))))
        expectSame(file.from, file, await copyWhole(file.from, to).catch(missing(file.from)));
      for (let folder = dirname(to); folder !== staging; folder = dirname(folder)) folders.add(folder);
      sum.files += 1;
      if (file.isPicture) sum.pictures += 1;
      onProgress(sum);
    }
    expectPictures(snapshot, sum);
    for (const [name, bytes] of secrets?.files ?? []) await writeWhole(join(staging, name), bytes);
    for (const folder of folders) await syncFolder(folder);
    return staging;
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
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

function expectSame(from: string, { sha256 }: Checksum, found: string): void {
  if (found !== sha256)
    throw new BackupError('damaged', `${from} is damaged: nothing was restored; take an earlier snapshot`);
}

const missing =
  (from: string) =>
  (error: NodeJS.ErrnoException): never => {
    if (error.code === 'ENOENT')
      throw new BackupError('damaged', `${from} is missing: nothing was restored; take an earlier snapshot`);
    throw error;
  };

function expectPictures({ manifest, folder }: Snapshot, { pictures }: Staged): void {
  if (pictures !== manifest.counts.pictures)
    throw new BackupError(
      'damaged',
      `${folder} lists ${pictures} pictures, and should list ${manifest.counts.pictures}`,
    );
}
