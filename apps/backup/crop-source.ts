import { setTimeout as delay } from 'node:timers/promises';
import { type Catalog, type CropFile, findCropFile } from '../../libs/catalog/index.js';
import {
  cropPath,
  fingerprint,
  imagesRoot,
  journalFolder,
  readEntries,
  readIfThere,
} from '../../libs/images/index.js';

const LOOKS = 4;
const PAUSE_MS = 100;

/** What became of a picture that a copy of the catalog promises. `missing` says why. */
export type FoundCrop =
  | { readonly bytes: Buffer }
  | { readonly removed: true }
  | { readonly missing: string };

/**
 * Finds the bytes of a picture in a data folder where it may move at any moment: from the journal to its plain file, or
 * back into the journal where the file was lost and the trap has sent it again, or away where retention removes it.
 *
 * @param promised as the copy of the catalog has it; later looks ask the catalog itself
 */
export async function findBytes(live: Catalog, dataDir: string, promised: CropFile): Promise<FoundCrop> {
  let why = '';
  let crop: CropFile | undefined = promised;
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) {
      await delay(PAUSE_MS * look);
      crop = await findCropFile(live.reader, promised);
      if (!crop) return { removed: true };
    }
    try {
      // The journal first: whoever does not find it there any more finds the plain file, which was durable before.
      const bytes = (await inJournal(dataDir, crop)) ?? (await inFile(dataDir, crop));
      if (bytes && fingerprint(bytes).sha256 === promised.sha256) return { bytes };
      why = bytes ? 'its bytes are not those that were stored' : 'there is no file';
    } catch (error) {
      why = (error as Error).message;
    }
  }
  return { missing: why };
}

async function inJournal(dataDir: string, { place, bytes }: CropFile): Promise<Buffer | undefined> {
  if (!place) return undefined;
  const [entry] = await readEntries(journalFolder(dataDir), [{ ...place, bytes }]);
  return entry;
}

const inFile = (dataDir: string, crop: CropFile): Promise<Buffer | undefined> =>
  readIfThere(cropPath(imagesRoot(dataDir), crop, crop.day, crop.format));
