import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { claimFolder, type FolderHold, FolderInUseError, makeFolder } from '../../libs/data-dir/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { BackupError } from './backup-error.js';
import { writeWhole } from './copy-file.js';
import { BACKUP_FILE, isPartName, isSnapshotName } from './layout.js';
import { backupMarkOf, readBackupMark, readManifest } from './manifest.js';

/** What may lie in a folder that becomes a backup: what file systems make by themselves. */
const NOTHING = new Set([
  'lost+found',
  '.DS_Store',
  'folder.lock',
  'folder.lock-journal',
  'folder.lock-service',
]);

/**
 * Opens a folder as the backup of a catalog, or makes it one where it is empty. What an earlier backup left half done is
 * removed; its pictures stay, since each of them is whole.
 *
 * @returns a hold on it: two backups to one folder would write the same files
 * @throws BackupError where it is something else, or of another catalog
 */
export async function openBackupFolder(
  folder: string,
  catalog: string,
  dataDir: string,
): Promise<FolderHold> {
  await expectApart(folder, dataDir);
  make(folder);
  const mark = await readBackupMark(folder);
  if (!mark && !(await readdir(folder)).every((name) => NOTHING.has(name)))
    throw new BackupError(
      'wrong-place',
      `${folder} is not empty, and no backup: name a folder that is empty or new`,
    );
  if (mark && mark.catalog !== catalog)
    throw new BackupError('other-catalog', `${folder} is the backup of another catalog: name another folder`);
  const hold = holdBackup(folder);
  try {
    if (!mark) await writeWhole(join(folder, BACKUP_FILE), `${JSON.stringify(backupMarkOf(catalog))}\n`);
    for (const name of (await readdir(folder)).filter(isPartName))
      await rm(join(folder, name), { recursive: true });
    return hold;
  } catch (error) {
    hold.release();
    throw error;
  }
}

function make(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const { message } = error as Error;
    throw new BackupError('wrong-place', `${folder} cannot be made (${message}): name another folder`);
  }
}

/** A file system without locks, as some network folders are, need not be without backups. */
function holdBackup(folder: string): FolderHold {
  try {
    return claimFolder(folder);
  } catch (error) {
    if (error instanceof FolderInUseError)
      throw new BackupError('wrong-place', `another backup is being written to ${folder}`);
    return { release: () => {} };
  }
}

/** Snapshots that are finished, the newest first. */
export async function snapshotsOf(backup: string): Promise<string[]> {
  const names = (await readdir(backup)).filter(isSnapshotName).sort().reverse();
  const finished = await Promise.all(names.map((name) => readManifest(join(backup, name))));
  return names.filter((_, i) => finished[i]);
}

/** Removes all finished snapshots but the newest ones; pictures stay. */
export async function keepNewest(backup: string, keep: number): Promise<void> {
  for (const name of (await snapshotsOf(backup)).slice(keep))
    await rm(join(backup, name), { recursive: true });
}

/** A backup inside of what it is of would contain itself, and be gone with it. */
async function expectApart(folder: string, dataDir: string): Promise<void> {
  const [backup, data] = await Promise.all([real(folder), real(dataDir)]);
  if (backup === data || isInside(backup, data) || isInside(data, backup))
    throw new BackupError(
      'wrong-place',
      `${folder} and the data folder ${dataDir} lie in each other: name another place`,
    );
}

const isInside = (path: string, folder: string) =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Where a path leads, also where its last folders are not there yet. */
async function real(path: string): Promise<string> {
  const absolute = resolve(path);
  return realpath(absolute).catch(async () =>
    absolute === dirname(absolute)
      ? absolute
      : join(await real(dirname(absolute)), absolute.slice(dirname(absolute).length)),
  );
}

/**
 * A backup on the disk of the data itself must not take the room that the service needs to take crops.
 *
 * @returns a look that throws where it would
 */
export async function roomGuard(
  folder: string,
  dataDir: string,
  reserveBytes: number,
): Promise<() => Promise<void>> {
  const [there, here] = await Promise.all([stat(folder), stat(dataDir)]);
  if (there.dev !== here.dev) return async () => {};
  return async () => {
    if ((await freeBytes(folder)) < reserveBytes)
      throw new BackupError(
        'disk-full',
        `${folder} is on the disk of the data folder, which is under its reserve: take another disk`,
      );
  };
}
