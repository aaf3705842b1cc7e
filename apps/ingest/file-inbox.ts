import { type Catalog, leaveInbox, oldestInInbox, segmentsInUse } from '../../libs/catalog/index.js';
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
 * @returns how many crops were written
 */
export async function fileInbox(catalog: Catalog, journal: Journal, dataDir: string): Promise<number> {
  const crops = await oldestInInbox(catalog.reader, CROPS_AT_ONCE);
  if (crops.length) {
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
    await catalog.db.transaction().execute((tx) =>
      leaveInbox(
        tx,
        crops.map(({ crop }) => crop),
      ),
    );
  }
  if (journal.mayShrink) await journal.shrink(await segmentsInUse(catalog.reader));
  return crops.length;
}

/** True where a full step was done: then there is probably more. */
export const isFullStep = (written: number): boolean => written === CROPS_AT_ONCE;
