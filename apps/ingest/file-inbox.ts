import { type Catalog, leaveInbox, oldestInInbox } from '../../libs/catalog/index.js';
import { cropPath, imagesRoot, writeDurably } from '../../libs/images/index.js';

/** Crops of one step: at most so many megabytes in memory as this times the crop limit, some MB as a rule. */
const CROPS_AT_ONCE = 64;

/**
 * One step from the inbox to plain files: writes the oldest, syncs them, and only then takes them off the inbox.
 * After a kill what is left in the inbox is simply written again.
 *
 * @returns how many crops were written
 */
export async function fileInbox(catalog: Catalog, dataDir: string): Promise<number> {
  const crops = await oldestInInbox(catalog.reader, CROPS_AT_ONCE);
  if (!crops.length) return 0;
  await writeDurably(
    crops.map(({ crop, day, format, bytes }) => ({
      path: cropPath(imagesRoot(dataDir), crop, day, format),
      bytes,
    })),
  );
  await catalog.db.transaction().execute((tx) =>
    leaveInbox(
      tx,
      crops.map(({ crop }) => crop),
    ),
  );
  return crops.length;
}

/** True where a full step was done: then there is probably more. */
export const isFullStep = (written: number): boolean => written === CROPS_AT_ONCE;
