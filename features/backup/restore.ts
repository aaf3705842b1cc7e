import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { claimFolder, makeFolder, writeMark } from '../../libs/data-dir/index.js';
import {
  CATALOG_FILE,
  type Db,
  expectIntact,
  expectNoRuns,
  fillPostgres,
  nameCatalog,
  openCopy,
  putState,
} from '../../libs/database/index.js';
import type { CropId } from '../../libs/domain/index.js';
import { picturePath } from '../../libs/store/index.js';
import { allCropFiles, countAll, noteDamaged } from '../crops/index.js';
import { BackupError, orDiskFull } from './backup-error.js';
import type { Manifest } from './manifest.js';
import { SWAP_FILE } from './restore-files.js';
import { putBackSecrets, type Secrets } from './secrets.js';
import { findSnapshot, type Snapshot, secretsOf } from './snapshot.js';
import { type Staged, stage } from './stage.js';
import { finishSwap, swapIn } from './swap.js';

const CROPS_AT_ONCE = 256;

interface RestoreOptions {
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

interface RestoreReport {
  readonly snapshot: string;
  readonly manifest: Manifest;
  /** What was there before; undefined where there was nothing. */
  readonly restorePoint: string | undefined;
  /** In the data folder now. */
  readonly pictures: number;
  /** Files of the backup that are damaged or missing; everything else was restored. */
  readonly damaged: readonly string[];
  /** Crops of the catalog without a picture: their traps are asked for them again. */
  readonly withoutPicture: readonly CropId[];
}

/**
 * Makes a data folder of a backup. Everything is gathered and compared beside what is there; only then they change
 * places, and what was there is put aside and never deleted. Pictures that are damaged in the backup cost themselves only.
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
    const {
      folder: staging,
      pictures,
      damaged,
    } = await stage(snapshot, dataDir, secrets, options.onProgress);
    let withoutPicture: readonly CropId[];
    try {
      withoutPicture = await finishStaged(staging, snapshot, secrets, options.nowMs);
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
    const name = new Date(options.nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
    const restorePoint = await swapIn(dataDir, staging, name);
    if (databaseUrl) await moveToPostgres(dataDir, databaseUrl);
    const { folder, manifest } = snapshot;
    return { snapshot: folder, manifest, restorePoint, pictures, damaged, withoutPicture };
  } catch (error) {
    throw orDiskFull(error, dataDir);
  } finally {
    hold.release();
  }
}

/**
 * The catalog is whole, of this version, has its accounts again, and knows its folder, and which pictures are not in it.
 *
 * @returns crops without a picture
 */
async function finishStaged(
  staging: string,
  { folder, manifest }: Snapshot,
  secrets: Secrets | undefined,
  nowMs: number,
): Promise<CropId[]> {
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
    return await noteMissing(db, staging, nowMs);
  } finally {
    await catalog.close();
  }
}

/** Notes what the catalog promises and the folder has not: rotted in the backup, or gone before it was made. */
async function noteMissing(db: Db, staging: string, nowMs: number): Promise<CropId[]> {
  const missing: CropId[] = [];
  for await (const page of allCropFiles(db, CROPS_AT_ONCE)) {
    const some = page.filter((crop) => !existsSync(picturePath(staging, crop)));
    await noteDamaged(db, some, nowMs);
    missing.push(...some.map(({ trapId, runId, cropId }) => ({ trapId, runId, cropId })));
  }
  return missing;
}

/** Last of all: interrupted, the database is empty still, and the same restore may be asked for again. */
async function moveToPostgres(dataDir: string, databaseUrl: string): Promise<void> {
  await fillPostgres(dataDir, databaseUrl);
  await rm(join(dataDir, CATALOG_FILE));
}

/** Ends a restore that was killed while things changed places, before anybody opens what is half the one and half the other. */
export async function finishRestore(dataDir: string): Promise<void> {
  if (!existsSync(join(dataDir, SWAP_FILE))) return;
  const hold = claimFolder(dataDir);
  try {
    await finishSwap(dataDir);
  } finally {
    hold.release();
  }
}
