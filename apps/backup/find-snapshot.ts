import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BackupError } from './backup-error.js';
import { snapshotsOf } from './backup-folder.js';
import { readChecksums, sha256Of } from './checksums.js';
import { CHECKSUMS, IMAGE_CHECKSUMS, isPartName, SECRETS } from './layout.js';
import { type Manifest, readBackupMark, readManifest } from './manifest.js';
import { readSecrets, type Secrets } from './secrets.js';

/** A finished snapshot, and the backup that it stands in. */
export interface Snapshot {
  readonly backup: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * The snapshot that a path means: itself, or the newest one of a backup.
 *
 * @throws BackupError where there is none that is finished and whole
 */
export async function findSnapshot(path: string): Promise<Snapshot> {
  const folder = resolve(path);
  if (isPartName(basename(folder))) throw unfinished(folder);
  const manifest = await readManifest(folder);
  if (manifest) return expectLists({ backup: dirname(folder), folder, manifest });
  if (!(await readBackupMark(folder)))
    throw new BackupError('not-a-backup', `${folder} is no backup, and no snapshot of one`);
  const [newest] = await snapshotsOf(folder);
  if (newest) return findSnapshot(join(folder, newest));
  const part = (await readdir(folder)).find(isPartName);
  throw part
    ? unfinished(join(folder, part))
    : new BackupError('not-a-backup', `${folder} has no finished snapshot`);
}

const unfinished = (folder: string) =>
  new BackupError('unfinished', `${folder} is half of a backup that was interrupted: it cannot be restored`);

/** What a restore relies on must itself be whole. */
async function expectLists(snapshot: Snapshot): Promise<Snapshot> {
  const { folder, manifest } = snapshot;
  for (const [name, expected] of [
    [CHECKSUMS, manifest.checksums.files],
    [IMAGE_CHECKSUMS, manifest.checksums.images],
  ] as const)
    if ((await hashOrNone(join(folder, name))) !== expected)
      throw new BackupError('damaged', `${join(folder, name)} is damaged: take an earlier snapshot`);
  return snapshot;
}

const hashOrNone = (path: string) => sha256Of(path).catch(() => undefined);

/** Files of a snapshot with what their bytes must be, and where they lie: its own, then the pictures beside it. */
export async function* filesOf({ backup, folder }: Snapshot) {
  for await (const file of readChecksums(join(folder, CHECKSUMS)))
    yield { ...file, from: join(folder, file.path), isPicture: false };
  for await (const file of readChecksums(join(folder, IMAGE_CHECKSUMS)))
    yield { ...file, from: join(backup, file.path), isPicture: true };
}

/**
 * The secrets of a snapshot, or undefined where it was made without.
 *
 * @param file where they are kept, if not in the snapshot
 * @throws BackupError where they are not to be had, or not what they were
 */
export async function secretsOf({ folder, manifest }: Snapshot, file?: string): Promise<Secrets | undefined> {
  if (manifest.secrets === null) return undefined;
  const path = file ?? join(folder, SECRETS);
  if ((await hashOrNone(path)) === manifest.secrets) return readSecrets(await readFile(path, 'utf8'));
  throw new BackupError(
    'secrets-missing',
    `${path} is not there, or not what it was: name the file with --secrets, or go without accounts and keys with --no-secrets`,
  );
}
