import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Catalog, type findCrop, placeInInbox } from '../../libs/catalog/index.js';
import type { CropId } from '../../libs/domain/index.js';
import { cropPath, imagesRoot, journalFolder, readEntries } from '../../libs/images/index.js';
import type { ByteRange } from './byte-range.js';
import { Problem } from './problem.js';

export type CropRow = NonNullable<Awaited<ReturnType<typeof findCrop>>>;

/**
 * The bytes of a crop, wherever they lie. Whoever reads the stream to its end or destroys it closes the file.
 *
 * @throws Problem 503 `picture-lost` where the file is not what the catalog says: nobody gets a damaged image for a good
 *   one. It may come back: the disk is mounted again, the trap sends the crop again
 */
export async function openCrop(
  catalog: Catalog,
  dataDir: string,
  crop: CropId,
  row: CropRow,
  range: ByteRange,
): Promise<Readable> {
  if (row.stage === 'inbox') {
    const place = await placeInInbox(catalog.reader, crop);
    const entries = place ? [{ ...place, bytes: row.bytes }] : [];
    const [bytes] = await readEntries(journalFolder(dataDir), entries);
    if (bytes) return Readable.from([bytes.subarray(range.start, range.end + 1)], { objectMode: false });
    // It has left the inbox since the row was read; its file was there before it did.
  }
  const path = cropPath(imagesRoot(dataDir), crop, row.day, row.format);
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ENOTDIR' ? lost(crop, error) : error;
  });
  try {
    await expectSize(file, row.bytes, path).catch((error: unknown) => {
      throw lost(crop, error);
    });
    return file.createReadStream(range);
  } catch (error) {
    await file.close();
    throw error;
  }
}

const lost = ({ cropId }: CropId, cause: unknown): Problem =>
  new Problem(
    503,
    'picture-lost',
    `The file of crop ${cropId} is missing or damaged. On the server, npm run trapline -- doctor says more; when the trap sends the crop again, it is back.`,
    { cause },
  );

async function expectSize(file: FileHandle, size: number, path: string): Promise<void> {
  const found = (await file.stat()).size;
  if (found !== size) throw new Error(`${path} has ${found} bytes, the catalog says ${size}`);
}
