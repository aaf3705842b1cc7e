import {
  type Catalog,
  type InboxCrop,
  leaveInbox,
  oldestInInbox,
  postponeInInbox,
  segmentsInUse,
} from '../../libs/catalog/index.js';
import type { CropId } from '../../libs/domain/index.js';
import {
  cropPath,
  imagesRoot,
  type Journal,
  journalFolder,
  readEntries,
  writeDurably,
} from '../../libs/images/index.js';

const CROPS_AT_ONCE = 64;

/**
 * One step from the journal to plain files: writes the oldest crops of the inbox, syncs them, and only then takes them
 * off the inbox. After a kill what is left in the inbox is simply written again.
 *
 * @param onStuck is told of a crop that cannot be filed though others can; it goes behind all others
 * @returns how many crops were written
 */
export async function fileInbox(
  catalog: Catalog,
  journal: Journal,
  dataDir: string,
  onStuck: (crop: CropId, error: unknown) => void,
): Promise<number> {
  const crops = await oldestInInbox(catalog.reader, CROPS_AT_ONCE);
  if (crops.length) {
    await file(catalog, dataDir, crops).catch((error) =>
      fileOneByOne(catalog, dataDir, crops, error, onStuck),
    );
  }
  if (journal.mayShrink) await journal.shrink(() => segmentsInUse(catalog.reader));
  return crops.length;
}

async function file(catalog: Catalog, dataDir: string, crops: readonly InboxCrop[]): Promise<void> {
  const entries = await readEntries(
    journalFolder(dataDir),
    crops.map(({ place, bytes }) => ({ ...place, bytes })),
  );
  const files = crops.map(({ crop, day, format, place }, i) => {
    const bytes = entries[i];
    if (!bytes) throw new Error(`the journal's segment ${place.segment} is gone, though crops are in it`);
    return { path: cropPath(imagesRoot(dataDir), crop, day, format), bytes };
  });
  await writeDurably(files);
  const filed = crops.map(({ crop }) => crop);
  await catalog.db.transaction().execute((tx) => leaveInbox(tx, filed));
}

/** @throws the first error where not one could be filed: then it is the disk, and nothing is postponed */
async function fileOneByOne(
  catalog: Catalog,
  dataDir: string,
  crops: readonly InboxCrop[],
  firstError: unknown,
  onStuck: (crop: CropId, error: unknown) => void,
): Promise<void> {
  const stuck: { readonly crop: CropId; readonly error: unknown }[] = [];
  for (const one of crops)
    await file(catalog, dataDir, [one]).catch((error) => stuck.push({ crop: one.crop, error }));
  if (stuck.length === crops.length) throw firstError;
  for (const { crop, error } of stuck) onStuck(crop, error);
  await postponeInInbox(
    catalog.db,
    stuck.map(({ crop }) => crop),
    Date.now(),
  );
}

/** True where a full step was done: then there is probably more. */
export const isFullStep = (written: number): boolean => written === CROPS_AT_ONCE;
