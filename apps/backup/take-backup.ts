import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CATALOG_FILE,
  type Catalog,
  type CatalogPlace,
  countAll,
  nameCatalog,
  openCopy,
  putState,
  type SecretRows,
  settleCopy,
  takeOutSecrets,
  takeSnapshot,
} from '../../libs/catalog/index.js';
import { syncFolder } from '../../libs/images/index.js';
import { orDiskFull } from './backup-error.js';
import { keepNewest, openBackupFolder } from './backup-folder.js';
import { ChecksumList, sha256Of } from './checksums.js';
import { writeWhole } from './copy-file.js';
import { copyOtherFiles } from './copy-other-files.js';
import { type CopiedPictures, copyPictures, missingLine } from './copy-pictures.js';
import { roomGuard } from './disk-room.js';
import { CHECKSUMS, IMAGE_CHECKSUMS, MANIFEST, MISSING, PART, SECRETS, snapshotName } from './layout.js';
import { type Manifest, manifestOf } from './manifest.js';
import { otherFiles } from './other-files.js';
import { secretsText } from './secrets.js';

export interface BackupOptions {
  /** The catalog in use, and where it is. */
  readonly live: Catalog;
  readonly place: CatalogPlace;
  /** A folder of earlier backups, or one that is empty or new. */
  readonly folder: string;
  readonly withSecrets: boolean;
  readonly verify: boolean;
  /** So many snapshots stay. */
  readonly keep: number;
  readonly diskReserveBytes: number;
  /** Of this program. */
  readonly version: string;
  readonly onProgress: (soFar: CopiedPictures) => void;
}

export interface BackupReport {
  readonly snapshot: string;
  readonly manifest: Manifest;
  /** Pictures that were not in the backup before. */
  readonly copied: number;
}

/**
 * Backs everything up while the service goes on. The catalog is copied first, as it is at one moment; then each picture
 * that this copy promises is fetched from wherever it is by now. So all that was acknowledged before the start is in it.
 *
 * @throws BackupError; what was in the folder before is still a backup then
 */
export async function takeBackup(options: BackupOptions): Promise<BackupReport> {
  const { live, place, folder, keep } = options;
  const { id } = await nameCatalog(live.db, randomUUID());
  const hold = await openBackupFolder(folder, id, place.dataDir);
  const startedAtMs = Date.now();
  const snapshot = freeName(folder, startedAtMs);
  const part = snapshot + PART;
  try {
    await mkdir(part, { mode: 0o700 });
    const { manifest, copied } = await fill(part, id, startedAtMs, options);
    await writeWhole(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncFolder(part);
    await rename(part, snapshot);
    await syncFolder(folder);
    await keepNewest(folder, keep);
    await putState(live.db, 'backup', { atMs: startedAtMs, folder, crops: manifest.counts.pictures });
    return { snapshot, manifest, copied };
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => {});
    throw orDiskFull(error, folder);
  } finally {
    hold.release();
  }
}

/** A second later where that second has one already. */
function freeName(folder: string, atMs: number): string {
  const snapshot = join(folder, snapshotName(atMs));
  return existsSync(snapshot) ? freeName(folder, atMs + 1000) : snapshot;
}

async function fill(part: string, catalog: string, startedAtMs: number, options: BackupOptions) {
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
    await settleCopy(copy.db, pictures.removed, nowMs);
    const secretRows: SecretRows = await takeOutSecrets(copy.db);
    return { pictures, imagesSum: await list.close(), secretRows, counts: await countAll(copy.db) };
  } catch (error) {
    await list.abandon();
    throw error;
  } finally {
    await copy.close();
  }
}
