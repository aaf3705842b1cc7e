import type { Db } from '../../libs/database/index.js';
import { type Crop, type CropId, DAY_MS } from '../../libs/domain/index.js';
import {
  type DiskThread,
  type Journal,
  type JournalOffset,
  type PictureState,
  picturePath,
  readPicture,
  type StoredPicture,
} from '../../libs/store/index.js';
import { iso, Problem } from '../http/index.js';
import { findRound } from '../retention/index.js';
import { type CropFile, findCropFile } from './crop-files.js';
import type { LookedFor } from './damaged-pictures.js';

/** A crop may move between journal and plain file while it is read: its row is read again this many times. */
const ATTEMPTS = 3;
const BYTES_PER_MB = 1_000_000;

export interface DamagedPicture extends LookedFor {
  readonly state: Exclude<PictureState, 'whole'>;
}

/** Part of a picture; both ends are included. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes of crops, wherever they are: in the journal, in a plain file, or on their way from one to the other. Whatever
 * it returns has been compared with the checksum in the catalog.
 */
export class CropStore {
  /**
   * @param db the catalog that knows where crops are now
   * @param disk of the process that receives crops: without it nothing can be put, and pictures are checked in this
   *   thread
   */
  constructor(
    private readonly db: Db,
    private readonly dataDir: string,
    private readonly disk?: { readonly journal: Journal; readonly thread: DiskThread },
  ) {}

  /**
   * Makes the bytes of new crops durable, with one sync for all of them.
   *
   * @returns where they are, in the same order; `storeCrops` keeps that
   */
  put(pictures: readonly Buffer[]): Promise<readonly JournalOffset[]> {
    if (!this.disk) throw new Error('this process receives no crops');
    return this.disk.journal.append(pictures);
  }

  /**
   * @param crop from a row that may be older than the last move
   * @returns its bytes; otherwise why there are none: `removed` on purpose, or lost
   * @throws if the disk cannot tell, for instance because too many files are open
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
   * @param range the whole picture by default
   * @throws Problem 410 if it was removed; 503 `picture-lost` if there is no file, `picture-damaged` if it has
   *   other bytes. It may come back: the disk is mounted again, a backup has it, the trap sends the crop again
   */
  async open(crop: Crop, range?: ByteRange): Promise<Buffer> {
    await this.expectPicture(crop);
    const found = await this.read({ ...crop, place: undefined });
    if (typeof found !== 'string') return range ? found.subarray(range.start, range.end + 1) : found;
    const [type, what] =
      found === 'damaged'
        ? (['picture-damaged', 'is damaged'] as const)
        : (['picture-lost', 'is missing'] as const);
    throw new Problem(
      503,
      type,
      `The file of crop ${crop.cropId} ${what}. On the server, npm run trapline -- doctor says more; when the trap sends the crop again, it is back.`,
      { cause: new Error(`${picturePath(this.dataDir, crop)} is ${found}`) },
    );
  }

  /**
   * Compares pictures with their checksums.
   *
   * @returns those whose bytes are neither in the journal nor in a plain file; not those that were removed on purpose
   * @throws as {@link read}
   */
  async verify(pictures: readonly CropFile[]): Promise<DamagedPicture[]> {
    let doubtful = pictures;
    for (let attempt = 1; ; attempt += 1) {
      const states = await this.statesOf(doubtful);
      const damaged = doubtful.flatMap(({ trapId, runId, cropId, place }, i): DamagedPicture[] => {
        const state = states[i];
        return state === 'missing' || state === 'damaged' ? [{ trapId, runId, cropId, place, state }] : [];
      });
      if (!damaged.length || attempt === ATTEMPTS) return damaged;
      doubtful = await this.find(damaged);
    }
  }

  /** The same by ids; crops that are unknown or were removed are left out. */
  async verifyCrops(crops: readonly CropId[]): Promise<DamagedPicture[]> {
    return this.verify(await this.find(crops));
  }

  /** Those of these crops whose plain file is whole, whatever the journal has. */
  async withWholeFile(crops: readonly CropId[]): Promise<CropId[]> {
    const pictures = await this.find(crops);
    const states = await this.statesOf(pictures.map((picture) => ({ ...picture, place: undefined })));
    return pictures.filter((_, i) => states[i] === 'whole');
  }

  /** Pictures that should be there, as the catalog has them now. */
  private async find(crops: readonly CropId[]): Promise<CropFile[]> {
    const found = await Promise.all(crops.map((crop) => findCropFile(this.db, crop)));
    return found.filter((picture) => picture !== undefined);
  }

  private async statesOf(pictures: readonly CropFile[]): Promise<readonly PictureState[]> {
    if (this.disk) return this.disk.thread.check(pictures);
    const states: PictureState[] = [];
    for (const picture of pictures) {
      const found = await readPicture(this.dataDir, picture);
      states.push(typeof found === 'string' ? found : 'whole');
    }
    return states;
  }

  /**
   * Checks that a picture was not removed: what is known of it stays.
   *
   * @throws Problem 410 if it was, with the time and the reason
   */
  async expectPicture({ cropId, removedAtMs }: Pick<Crop, 'cropId' | 'removedAtMs'>): Promise<void> {
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
