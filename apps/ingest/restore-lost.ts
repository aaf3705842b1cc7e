import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Catalog, findCrop, placeInInbox, putBackInInbox } from '../../libs/catalog/index.js';
import type { CropId } from '../../libs/domain/index.js';
import { cropPath, imagesRoot, type JournalPlace, journalFolder } from '../../libs/images/index.js';

/**
 * A crop has come again with the bytes that the catalog knows. Where its file was lost, or the segment of the journal
 * that it waited in, it is stored again: a trap that sends once more must not be told that all is well when it is not.
 *
 * @returns whether it was
 */
export async function restoreIfLost(
  catalog: Catalog,
  dataDir: string,
  crop: CropId,
  place: JournalPlace,
): Promise<boolean> {
  const row = await findCrop(catalog.db, crop);
  // Retention has removed its picture on purpose: the crop is known, and is acknowledged as such.
  if (!row || row.removed_at !== null) return false;
  const waiting = row.stage === 'inbox' ? await placeInInbox(catalog.db, crop) : undefined;
  const path = waiting
    ? join(journalFolder(dataDir), waiting.segment)
    : cropPath(imagesRoot(dataDir), crop, row.day, row.format);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (waiting ? size >= waiting.position + row.bytes : size === row.bytes) return false;
  return catalog.db.transaction().execute((tx) => putBackInInbox(tx, crop, place, Date.now()));
}
