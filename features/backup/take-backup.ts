import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nameCatalog, putState } from '../../libs/database/index.js';
import { syncFolder } from '../../libs/store/index.js';
import { orDiskFull } from './backup-error.js';
import { keepNewest, openBackupFolder } from './backup-folder.js';
import type { BackupOptions } from './backup-options.js';
import { writeWhole } from './copy-file.js';
import { MANIFEST, PART, snapshotName } from './layout.js';
import type { Manifest } from './manifest.js';
import { fillSnapshot } from './snapshot.js';

interface BackupReport {
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
    const { manifest, copied } = await fillSnapshot(part, id, startedAtMs, options);
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
