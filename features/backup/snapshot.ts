import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CATALOG_FILE, openCopy, takeSnapshot } from '../../libs/database/index.js';
import { countAll, finishCopy } from '../crops/index.js';
import { BackupError } from './backup-error.js';
import { roomGuard, snapshotsOf } from './backup-folder.js';
import type { BackupOptions } from './backup-options.js';
import { ChecksumList, readChecksums, sha256Of } from './checksums.js';
import { writeWhole } from './copy-file.js';
import { copyPictures, missingLine } from './copy-pictures.js';
import { CHECKSUMS, IMAGE_CHECKSUMS, isPartName, MISSING, SECRETS } from './layout.js';
import { type Manifest, manifestOf, readBackupMark, readManifest } from './manifest.js';
import { copyOtherFiles, otherFiles } from './other-files.js';
import { readSecrets, type SecretRows, type Secrets, secretsText, takeOutSecrets } from './secrets.js';

/** Fills the folder of a snapshot with all but its manifest, which it returns. */
export async function fillSnapshot(
  part: string,
  catalog: string,
  startedAtMs: number,
  options: BackupOptions,
) {
  const { place, folder, withSecrets, version } = options;
  const expectRoom = await roomGuard(folder, place.dataDir, options.diskReserveBytes);
  await expectRoom();
  await takeSnapshot(place, part);
  await writeFile(join(part, MISSING), '');
  const { pictures, imagesSum, secretRows, counts } = await fillFromCopy(
    part,
    startedAtMs,
    options,
    expectRoom,
  );

  const other = await otherFiles(place.dataDir);
  const list = await ChecksumList.open(join(part, CHECKSUMS));
  for (const name of [CATALOG_FILE, MISSING])
    await list.add({ path: name, sha256: await sha256Of(join(part, name)) });
  for (const file of await copyOtherFiles(place.dataDir, other.open, folder, part)) await list.add(file);
  const secrets = withSecrets ? secretsText(secretRows, other.secret) : undefined;
  if (secrets) await writeWhole(join(part, SECRETS), secrets);
  const manifest = manifestOf({
    version,
    catalog,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date().toISOString(),
    counts: {
      ...counts,
      pictures: pictures.pictures,
      pictureBytes: pictures.bytes,
      missing: pictures.missing,
    },
    checksums: { files: await list.close(), images: imagesSum },
    secrets: secrets ? await sha256Of(join(part, SECRETS)) : null,
  });
  return { manifest, copied: pictures.copied };
}

async function fillFromCopy(
  part: string,
  nowMs: number,
  { live, place, folder, verify, onProgress }: BackupOptions,
  expectRoom: () => Promise<void>,
) {
  const copy = await openCopy(part);
  const list = await ChecksumList.open(join(part, IMAGE_CHECKSUMS));
  try {
    const pictures = await copyPictures({
      copy: copy.db,
      live,
      dataDir: place.dataDir,
      backup: folder,
      list,
      verify,
      onMissing: (crop, why) => appendFile(join(part, MISSING), missingLine(crop, why)),
      onPage: async (soFar) => {
        await expectRoom();
        onProgress(soFar);
      },
    });
    await finishCopy(copy.db, pictures.removed, nowMs);
    const secretRows: SecretRows = await takeOutSecrets(copy.db);
    return { pictures, imagesSum: await list.close(), secretRows, counts: await countAll(copy.db) };
  } catch (error) {
    await list.abandon();
    throw error;
  } finally {
    await copy.close();
  }
}

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
