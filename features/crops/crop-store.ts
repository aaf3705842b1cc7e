import type { Db } from '../../libs/database/index.js';
import { DAY_MS } from '../../libs/domain/index.js';
import { picturePath, readPicture, type StoredPicture } from '../../libs/store/index.js';
import { iso, Problem } from '../http/index.js';
import { findRound } from '../retention/index.js';
import { findCropFile } from './crop-files.js';
import type { findCrop } from './crops.repository.js';

/** A crop moves between journal and plain file while it is read: so many times its row is read again. */
const ATTEMPTS = 3;
const BYTES_PER_MB = 1_000_000;

export type CropRow = NonNullable<Awaited<ReturnType<typeof findCrop>>>;

/**
 * The bytes of crops, wherever they are: in the journal, in a plain file, or on their way from one to the other. Whatever
 * it returns has been compared with the checksum in the catalog.
 */
export class CropStore {
  /** @param db the catalog that knows where crops are now */
  constructor(
    private readonly db: Db,
    private readonly dataDir: string,
  ) {}

  /**
   * @param crop as a row had it that may be older than the last move
   * @returns its bytes; otherwise why there are none: `removed` on purpose, or lost
   * @throws where the disk cannot say, for instance since too many files are open
   */
  async read(crop: StoredPicture): Promise<Buffer | 'missing' | 'damaged' | 'removed'> {
    let { place } = crop;
    for (let attempt = 1; ; attempt += 1) {
      const found = await readPicture(this.dataDir, { ...crop, place });
      if (typeof found !== 'string' || attempt === ATTEMPTS) return found;
      const now = await findCropFile(this.db, crop);
      if (!now) return 'removed';
      place = now.place;
    }
  }

  /**
   * The same for an answer over HTTP.
   *
   * @throws Problem 410 where it was removed; 503 `picture-lost` where there is no file, `picture-damaged` where it has
   *   other bytes. It may come back: the disk is mounted again, a backup has it, the trap sends the crop again
   */
  async open(crop: CropRow): Promise<Buffer> {
    await this.expectPicture(crop);
    const ids = { trapId: crop.trap_id, runId: crop.run_id, cropId: crop.crop_id };
    const found = await this.read({ ...crop, ...ids, place: undefined });
    if (typeof found !== 'string') return found;
    const [type, what] =
      found === 'damaged'
        ? (['picture-damaged', 'is damaged'] as const)
        : (['picture-lost', 'is missing'] as const);
    throw new Problem(
      503,
      type,
      `The file of crop ${ids.cropId} ${what}. On the server, npm run trapline -- doctor says more; when the trap sends the crop again, it is back.`,
      { cause: new Error(`${picturePath(this.dataDir, { ...ids, ...crop })} is ${found}`) },
    );
  }

  /**
   * Says when a picture was removed, and why: what is known of it stays.
   *
   * @throws Problem 410 where it was; nothing happens where it is there
   */
  async expectPicture({ crop_id: cropId, removed_at: removedAtMs }: CropRow): Promise<void> {
    if (removedAtMs === null) return;
    const why = await this.reasonOf(removedAtMs);
    throw new Problem(
      410,
      'removed',
      `The picture of crop ${cropId} was removed at ${iso(removedAtMs)}${why}. What is known of it stays.`,
    );
  }

  private async reasonOf(removedAtMs: number): Promise<string> {
    const round = await findRound(this.db, removedAtMs);
    if (round?.older_than_ms != null)
      return ` by retention: it was older than ${rounded(round.older_than_ms / DAY_MS)} ${round.older_than_ms === DAY_MS ? 'day' : 'days'}`;
    if (round?.free_bytes != null)
      return ` by retention: the oldest pictures made room, so that ${rounded(round.free_bytes / BYTES_PER_MB)} MB of the disk are free`;
    return '';
  }
}

const rounded = (value: number): number => Number(value.toPrecision(4));
