import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  CATALOG_FILE,
  claimFolder,
  countAll,
  expectIntact,
  expectNoRuns,
  fillPostgres,
  makeFolder,
  nameCatalog,
  openCopy,
  putBackSecrets,
  putState,
  writeMark,
} from '../../libs/catalog/index.js';
import { BackupError, orDiskFull } from './backup-error.js';
import { findSnapshot, type Snapshot, secretsOf } from './find-snapshot.js';
import type { Manifest } from './manifest.js';
import type { Secrets } from './secrets.js';
import { type Staged, stage } from './stage.js';
import { finishSwap, swapIn } from './swap.js';

export interface RestoreOptions {
  /** A backup, whose newest snapshot is meant, or a snapshot. */
  readonly path: string;
  readonly dataDir: string;
  /** An empty PostgreSQL that is to be the catalog; otherwise it is SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly withSecrets: boolean;
  /** Where the secrets are, if not in the snapshot. */
  readonly secretsFile?: string | undefined;
  readonly nowMs: number;
  readonly onProgress: (soFar: Staged) => void;
}

export interface RestoreReport {
  readonly snapshot: string;
  readonly manifest: Manifest;
  /** What was there before; undefined where there was nothing. */
  readonly restorePoint: string | undefined;
}

/**
 * Makes a data folder of a backup. Everything is gathered and compared beside what is there; only then they change
 * places, and what was there is put aside and never deleted.
 *
 * @throws BackupError, FolderInUseError; the data folder is as it was then
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { dataDir, databaseUrl } = options;
  const snapshot = await findSnapshot(options.path);
  const secrets = options.withSecrets ? await secretsOf(snapshot, options.secretsFile) : undefined;
  makeFolder(dataDir);
  const hold = claimFolder(dataDir);
  try {
    await finishSwap(dataDir);
    if (databaseUrl) await expectNoRuns(databaseUrl);
    const staging = await stage(snapshot, dataDir, secrets, options.onProgress);
    try {
      await settleStaged(staging, snapshot, secrets, options.nowMs);
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
    const name = new Date(options.nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
    const restorePoint = await swapIn(dataDir, staging, name);
    if (databaseUrl) await moveToPostgres(dataDir, databaseUrl);
    return { snapshot: snapshot.folder, manifest: snapshot.manifest, restorePoint };
  } catch (error) {
    throw orDiskFull(error, dataDir);
  } finally {
    hold.release();
  }
}

/** The catalog is whole, of this version, has its accounts again, and knows its folder. */
async function settleStaged(
  staging: string,
  { folder, manifest }: Snapshot,
  secrets: Secrets | undefined,
  nowMs: number,
): Promise<void> {
  const catalog = await openCopy(staging);
  try {
    const { db } = catalog;
    await expectIntact(db);
    const { traps, runs, crops } = await countAll(db);
    const { counts } = manifest;
    if (traps !== counts.traps || runs !== counts.runs || crops !== counts.crops)
      throw new BackupError('damaged', `${folder} has not the runs and crops that its manifest says`);
    if (secrets) await putBackSecrets(db, secrets.tables);
    await nameCatalog(db, manifest.catalog);
    await putState(db, 'identity', { id: manifest.catalog, settled: true });
    await putState(db, 'restored', { atMs: nowMs, snapshot: basename(folder) });
    await writeMark(staging, { catalog: manifest.catalog, runs, crops });
  } finally {
    await catalog.close();
  }
}

/** Last of all: interrupted, the database is empty still, and the same restore may be asked for again. */
async function moveToPostgres(dataDir: string, databaseUrl: string): Promise<void> {
  await fillPostgres(dataDir, databaseUrl);
  await rm(join(dataDir, CATALOG_FILE));
}
