import { type Db, findRound } from '../../libs/catalog/index.js';
import { Problem } from './problem.js';
import { iso } from './show.js';

const DAY_MS = 86_400_000;
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
