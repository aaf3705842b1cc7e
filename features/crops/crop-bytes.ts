import type { Catalog, Db } from '../../libs/database/index.js';
import { type CropId, DAY_MS } from '../../libs/domain/index.js';
import { cropPath, imagesRoot, readPicture } from '../../libs/store/index.js';
import { iso, Problem } from '../http/index.js';
import { findRound } from '../retention/index.js';
import type { findCrop } from './crops.repository.js';
import { placeInInbox } from './inbox.repository.js';

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

const BYTES_PER_MB = 1_000_000;

/**
 * Says when a picture was removed, and why: what is known of it stays.
 *
 * @throws Problem 410 where it was; nothing happens where it is there
 */
export async function expectPicture(
  db: Db,
  {
    crop_id: cropId,
    removed_at: removedAtMs,
  }: { readonly crop_id: string; readonly removed_at: number | null },
): Promise<void> {
  if (removedAtMs === null) return;
  const at = iso(removedAtMs);
  const why = await reasonOf(db, removedAtMs);
  throw new Problem(
    410,
    'removed',
    `The picture of crop ${cropId} was removed at ${at}${why}. What is known of it stays.`,
  );
}

async function reasonOf(db: Db, removedAtMs: number): Promise<string> {
  const round = await findRound(db, removedAtMs);
  if (round?.older_than_ms != null)
    return ` by retention: it was older than ${rounded(round.older_than_ms / DAY_MS)} ${round.older_than_ms === DAY_MS ? 'day' : 'days'}`;
  if (round?.free_bytes != null)
    return ` by retention: the oldest pictures made room, so that ${rounded(round.free_bytes / BYTES_PER_MB)} MB of the disk are free`;
  return '';
}

const rounded = (value: number): number => Number(value.toPrecision(4));
