import { stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import type { Catalog, Db } from '../../libs/database/index.js';
import { type CropId, cropKey } from '../../libs/domain/index.js';
import { backupImages, cropPath, syncFolder } from '../../libs/store/index.js';
import { allCropFiles, type CropFile, CropStore } from '../crops/index.js';
import { type ChecksumList, sha256Of } from './checksums.js';
import { writeWhole } from './copy-file.js';

const CROPS_AT_ONCE = 256;
const FILES_AT_ONCE = 8;

interface CopyPicturesOptions {
  /** The copy of the catalog: what it promises is copied. */
  readonly copy: Db;
  /** The catalog in use: it knows what has moved since. */
  readonly live: Catalog;
  readonly dataDir: string;
  readonly backup: string;
  readonly list: ChecksumList;
  /** Compare the bytes of pictures that are in the backup already, not only their sizes. */
  readonly verify: boolean;
  readonly onMissing: (crop: CropId, why: string) => Promise<void>;
  /** Before each page; throws where the backup must not go on. */
  readonly onPage: (soFar: CopiedPictures) => Promise<void>;
}

export interface CopiedPictures {
  /** In the backup by now, and those of them that were not there before. */
  readonly pictures: number;
  readonly copied: number;
  readonly bytes: number;
  readonly missing: number;
  readonly removed: readonly CropId[];
}

type Outcome = 'kept' | 'copied' | 'removed' | { readonly missing: string };

/** Copies the pictures that a backup has not yet: each is written once, however often it is backed up. */
export async function copyPictures(options: CopyPicturesOptions): Promise<CopiedPictures> {
  const sum = { pictures: 0, copied: 0, bytes: 0, missing: 0, removed: [] as CropId[] };
  for await (const page of allCropFiles(options.copy, CROPS_AT_ONCE)) {
    await options.onPage(sum);
    const outcomes = await severalAtOnce(page, (crop) => copyOne(options, crop));
    await syncFolders(
      page.filter((_, i) => outcomes[i] === 'copied').map((crop) => pathIn(options.backup, crop)),
    );
    for (const [i, crop] of page.entries()) {
      const outcome = outcomes[i] as Outcome;
      if (outcome === 'removed') sum.removed.push(crop);
      else if (typeof outcome === 'object') {
        sum.missing += 1;
        await options.onMissing(crop, outcome.missing);
      } else {
        sum.pictures += 1;
        sum.bytes += crop.bytes;
        if (outcome === 'copied') sum.copied += 1;
        const path = relative(options.backup, pathIn(options.backup, crop)).split(sep).join('/');
        await options.list.add({ path, sha256: crop.sha256 });
      }
    }
  }
  return sum;
}

const pathIn = (backup: string, crop: CropFile) =>
  cropPath(backupImages(backup), crop, crop.day, crop.format);

async function copyOne(
  { live, dataDir, backup, verify }: CopyPicturesOptions,
  crop: CropFile,
): Promise<Outcome> {
  const path = pathIn(backup, crop);
  const there = await stat(path).catch(() => undefined);
  if (there?.size === crop.bytes && !(verify && (await sha256Of(path)) !== crop.sha256)) return 'kept';
  // The catalog in use knows where the picture is now: it may move at any moment.
  const found = await new CropStore(live.reader, dataDir).read(crop).catch((error: Error) => error);
  if (found === 'removed') return found;
  if (found === 'missing') return { missing: 'there is no file' };
  if (found === 'damaged') return { missing: 'its bytes are not those that were stored' };
  if (found instanceof Error) return { missing: found.message };
  await writeWhole(path, found);
  return 'copied';
}

/** The entries of new files and new folders: of run, day, trap, and the root of the pictures. */
async function syncFolders(paths: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths) {
    let folder = path;
    for (let level = 0; level < 4; level += 1) {
      folder = dirname(folder);
      folders.add(folder);
    }
  }
  for (const folder of folders) await syncFolder(folder);
}

/** @returns in the order of the items */
async function severalAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const workers = await Promise.allSettled(
    Array.from({ length: FILES_AT_ONCE }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
    }),
  );
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return results;
}

/** A picture that is missing, as a list for people names it. */
export const missingLine = (crop: CropId, why: string): string => `${cropKey(crop)}  ${why}\n`;
