import { type Catalog, findState } from '../../libs/database/index.js';
import { type CropId, cropKey, type RunId, runKey } from '../../libs/domain/index.js';
import { backupImages, cropPath, type DiskThread, readPictureFile } from '../../libs/store/index.js';
import {
  type CropFile,
  type CropStore,
  cropFilesOfRuns,
  type DamagedPicture,
  damagedPictures,
  noteDamaged,
  noteWhole,
} from '../crops/index.js';
import { metrics } from './ingest.metrics.js';

const DAMAGED_AT_ONCE = 50;
const PICTURES_AT_ONCE = 500;
const FRESH_MS = 60_000;
const FRESH_RUNS = 10_000;

export type RunWithCrops = RunId & { readonly crops: number };

/**
 * Compares what is on the disk with what the catalog promises, by hash and in a thread of its own, before anybody is told
 * that a picture is there. What is damaged is noted, and brought back from wherever its bytes are still to be had.
 */
export class PictureCheck {
  /** Runs with crops that this process has received lately, the latest last. */
  private readonly fresh = new Map<string, { readonly crops: number; readonly atMs: number }>();

  /** @param onDamaged is told of pictures that were found to be damaged, once each */
  constructor(
    private readonly catalog: Catalog,
    private readonly store: CropStore,
    private readonly thread: DiskThread,
    private readonly onDamaged: (pictures: readonly DamagedPicture[]) => void,
  ) {}

  /** Crops that have just been hashed, written and synced. */
  received(crops: readonly CropId[], nowMs: number): void {
    for (const crop of crops) {
      const key = runKey(crop);
      const count = (this.fresh.get(key)?.crops ?? 0) + 1;
      // The run that got a crop last comes last.
      this.fresh.delete(key);
      this.fresh.set(key, { crops: count, atMs: nowMs });
    }
    for (const [key, { atMs }] of this.fresh) {
      if (this.fresh.size <= FRESH_RUNS && nowMs - atMs < FRESH_MS) break;
      this.fresh.delete(key);
    }
  }

  /**
   * Checks all pictures of some runs, and notes those that are damaged. Reading what this process has written and synced a
   * moment ago would give back what the operating system has in memory, and prove nothing about the disk: of runs that
   * have come whole in the last minute, only a change of their files is looked for.
   *
   * @param runs with the number of their stored crops
   * @returns keys of the runs that have damaged pictures: no receipt may call them complete
   */
  async damagedRuns(runs: readonly RunWithCrops[], nowMs: number): Promise<ReadonlySet<string>> {
    const fresh = runs.map(runKey).filter((key, i) => {
      const known = this.fresh.get(key);
      return known?.crops === runs[i]?.crops && nowMs - (known?.atMs ?? 0) < FRESH_MS;
    });
    const states = fresh.length ? await this.thread.checkOwn(fresh) : [];
    const unchanged = new Set(fresh.filter((_, i) => states[i] === 'whole'));
    const damaged = new Set<string>();
    // Several small runs cost one query and one message to the thread; thousands of pictures at a time hold it up.
    for (const some of bySize(runs.filter((run) => !unchanged.has(runKey(run))))) {
      const found = await this.store.verify(await cropFilesOfRuns(this.catalog.db, some));
      await this.note(found);
      for (const picture of found) damaged.add(runKey(picture));
    }
    return damaged;
  }

  /** Reads all pictures of a run, and notes those that are damaged. */
  async readRun(run: RunId): Promise<void> {
    await this.note(await this.store.verify(await cropFilesOfRuns(this.catalog.db, [run])));
  }

  /** Notes pictures as damaged. */
  async note(damaged: readonly DamagedPicture[]): Promise<void> {
    if (!damaged.length) return;
    const noted = await this.catalog.db.transaction().execute((tx) => noteDamaged(tx, damaged, Date.now()));
    if (!noted.length) return;
    metrics.damagedPictures.inc(noted.length);
    const isNew = new Set(noted.map(cropKey));
    this.onDamaged(damaged.filter((picture) => isNew.has(cropKey(picture))));
  }

  /**
   * Looks once more for pictures that are known to be damaged: in their own place, where a disk may be mounted again, and
   * in the last backup.
   *
   * @param offset how many of them to pass over
   * @param receive takes bytes as if the trap had sent them once more
   * @returns how many were looked for and are back, and those that are not
   */
  async heal(
    offset: number,
    receive: (crop: CropId, bytes: Buffer) => Promise<unknown>,
  ): Promise<{ readonly looked: number; readonly healed: number; readonly left: readonly CropId[] }> {
    const pictures = await damagedPictures(this.catalog.reader, { limit: DAMAGED_AT_ONCE, offset });
    if (!pictures.length) return { looked: 0, healed: 0, left: [] };
    const still = new Set((await this.store.verify(pictures)).map(cropKey));
    const whole = pictures.filter((picture) => !still.has(cropKey(picture)));
    await this.catalog.db.transaction().execute((tx) => noteWhole(tx, whole, Date.now()));
    const left: CropId[] = [];
    const backup = await findState(this.catalog.reader, 'backup');
    for (const picture of pictures.filter((each) => still.has(cropKey(each)))) {
      // A backup that is not mounted, or may not be read, is none for now.
      const bytes = backup && (await inBackup(backup.folder, picture).catch(() => 'missing' as const));
      const isBack =
        Buffer.isBuffer(bytes) &&
        (await receive(picture, bytes).then(
          () => true,
          () => false,
        ));
      if (!isBack) left.push(picture);
    }
    return { looked: pictures.length, healed: pictures.length - left.length, left };
  }
}

/** Cuts a list of runs so that each part has a bounded number of pictures, or one run. */
function* bySize(runs: readonly RunWithCrops[]): Generator<readonly RunWithCrops[]> {
  let part: RunWithCrops[] = [];
  let pictures = 0;
  for (const run of runs) {
    if (part.length && pictures + run.crops > PICTURES_AT_ONCE) {
      yield part;
      part = [];
      pictures = 0;
    }
    part.push(run);
    pictures += run.crops;
  }
  if (part.length) yield part;
}

const inBackup = (folder: string, picture: CropFile) =>
  readPictureFile(cropPath(backupImages(folder), picture, picture.day, picture.format), picture);
