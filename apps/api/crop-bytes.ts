import { type Catalog, type findCrop, placeInInbox } from '../../libs/catalog/index.js';
import type { CropId } from '../../libs/domain/index.js';
import { cropPath, imagesRoot, readPicture } from '../../libs/images/index.js';
import { Problem } from './problem.js';

export type CropRow = NonNullable<Awaited<ReturnType<typeof findCrop>>>;

/**
 * The bytes of a crop, wherever they lie, compared with their SHA-256: whoever gets them gets them right.
 *
 * @throws Problem 503 `picture-lost` where there is no file, `picture-damaged` where it has other bytes. It may come back:
 *   the disk is mounted again, a backup has it, the trap sends the crop again
 */
export async function readCrop(
  catalog: Catalog,
  dataDir: string,
  crop: CropId,
  row: CropRow,
): Promise<Buffer> {
  const place = row.stage === 'inbox' ? await placeInInbox(catalog.reader, crop) : undefined;
  const picture = { ...crop, ...row, place };
  let found = await readPicture(dataDir, picture);
  // It may have left the inbox since the row was read, or come back into it.
  if (typeof found === 'string')
    found = await readPicture(dataDir, { ...picture, place: await placeInInbox(catalog.reader, crop) });
  if (typeof found !== 'string') return found;
  const type = found === 'missing' ? 'picture-lost' : 'picture-damaged';
  const what = found === 'missing' ? 'is missing' : 'is damaged';
  throw new Problem(
    503,
    type,
    `The file of crop ${crop.cropId} ${what}. On the server, npm run trapline -- doctor says more; when the trap sends the crop again, it is back.`,
    { cause: new Error(`${cropPath(imagesRoot(dataDir), crop, row.day, row.format)} is ${found}`) },
  );
}
