import type { Catalog } from '../../libs/database/index.js';
import { type CropId, cropKey, runKey } from '../../libs/domain/index.js';
import {
  cropPath,
  type DiskThread,
  deleteDurably,
  imagesRoot,
  type Journal,
} from '../../libs/store/index.js';
import {
  ackInbox,
  type CropStore,
  type InboxCrop,
  oldestInInbox,
  postponeInInbox,
  segmentsInUse,
} from '../crops/index.js';
import type { PictureCheck } from './picture-check.js';

const CROPS_AT_ONCE = 64;

interface FiledInbox {
  readonly catalog: Catalog;
  readonly journal: Journal;
  readonly filing: DiskThread;
  readonly store: CropStore;
  readonly pictures: PictureCheck;
  readonly dataDir: string;
}

/**
 * One step from the journal to plain files: writes the oldest crops of the inbox, syncs them, and only then takes them
 * off the inbox. After a kill what is left in the inbox is simply written again.
 *
 * @param onStuck is told of a crop that cannot be filed though others can; it goes behind all others
 * @returns how many crops were written
 */
export async function fileInbox(
  inbox: FiledInbox,
  onStuck: (crop: CropId, error: unknown) => void,
): Promise<number> {
  const { catalog, journal } = inbox;
  const crops = await oldestInInbox(catalog.reader, CROPS_AT_ONCE);
  if (crops.length) {
    await file(inbox, crops).catch((error) => fileOneByOne(inbox, crops, error, onStuck));
  }
  if (journal.mayShrink) await journal.shrink(() => segmentsInUse(catalog.reader));
  return crops.length;
}

async function file(
  { catalog, store, filing, pictures, dataDir }: FiledInbox,
  crops: readonly InboxCrop[],
): Promise<void> {
  const root = imagesRoot(dataDir);
  const states = await filing.file(
    crops.map(({ crop, day, format, place, bytes, crc32 }) => ({
      ...place,
      bytes,
      crc32,
      path: cropPath(root, crop, day, format),
      run: runKey(crop),
    })),
  );
  const doubtful = crops.filter((_, i) => states[i] !== 'whole').map(({ crop }) => crop);
  // The journal has not kept them; a file that was written before a kill may still be whole.
  const damaged = doubtful.length ? await store.verifyCrops(doubtful) : [];
  await pictures.note(damaged);
  // One that has come again meanwhile is in the journal once more, and has its turn.
  const right = new Set((doubtful.length ? await store.withWholeFile(doubtful) : []).map(cropKey));
  const filed = crops
    .filter(({ crop }, i) => states[i] === 'whole' || right.has(cropKey(crop)))
    .map(({ crop }) => crop);
  const deleted = await catalog.inSharedTransaction((tx) => ackInbox(tx, filed));
  if (!deleted.length) return;
  const keys = new Set(deleted.map(cropKey));
  const gone = crops.filter(({ crop }) => keys.has(cropKey(crop)));
  await deleteDurably(gone.map(({ crop, day, format }) => cropPath(root, crop, day, format)));
}

/** @throws the first error where not one could be filed: then it is the disk, and nothing is postponed */
async function fileOneByOne(
  inbox: FiledInbox,
  crops: readonly InboxCrop[],
  firstError: unknown,
  onStuck: (crop: CropId, error: unknown) => void,
): Promise<void> {
  const stuck: { readonly crop: CropId; readonly error: unknown }[] = [];
  for (const one of crops) await file(inbox, [one]).catch((error) => stuck.push({ crop: one.crop, error }));
  if (stuck.length === crops.length) throw firstError;
  for (const { crop, error } of stuck) onStuck(crop, error);
  await postponeInInbox(
    inbox.catalog.db,
    stuck.map(({ crop }) => crop),
    Date.now(),
  );
}

/** True where a full step was done: then there is probably more. */
export const isFullStep = (written: number): boolean => written === CROPS_AT_ONCE;
