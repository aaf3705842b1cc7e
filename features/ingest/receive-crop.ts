import { GroupCommit } from '../../libs/async/index.js';
import type { Catalog, Db } from '../../libs/database/index.js';
import { type CropId, cropKey } from '../../libs/domain/index.js';
import { Rejection } from '../../libs/protocol/index.js';
import {
  fingerprint,
  type ImageHeader,
  type Journal,
  type JournalOffset,
  probeImage,
  tooCostly,
} from '../../libs/store/index.js';
import {
  type CropStore,
  CropsDeletedError,
  type NewCrop,
  putBackInInbox,
  type StoreOutcome,
  storeCrops,
} from '../crops/index.js';
import type { RunCompleter } from './complete-runs.js';
import { metrics } from './ingest.metrics.js';
import type { PictureCheck } from './picture-check.js';
import { type IngestSettings, QUIET_MS } from './settings.js';

/** A group waits this long for more crops, and commits at once when it is full. */
const GATHER_MS = 5;
const GROUP_CROPS = 64;
const GROUP_BYTES = 4 * 1024 * 1024;

/** A crop that may be stored, with its bytes. */
type Arrived = Omit<NewCrop, 'bytes' | keyof JournalOffset> & { readonly bytes: Buffer };

/** Takes crops: when `receive` resolves, bytes and row are durable, and the crop may be acknowledged. */
export class CropReceiver {
  private readonly group: GroupCommit<Arrived, StoreOutcome>;

  constructor(
    private readonly catalog: Catalog,
    private readonly bytes: CropStore,
    private readonly journal: Journal,
    private readonly settler: RunCompleter,
    private readonly pictures: PictureCheck,
    private readonly limits: IngestSettings['limits'],
    private readonly onStored: () => void,
  ) {
    this.group = new GroupCommit({
      commit: (crops) => this.commit(crops),
      bytesOf: (crop) => crop.bytes.length,
      gatherMs: GATHER_MS,
      maxItems: GROUP_CROPS,
      maxBytes: GROUP_BYTES,
    });
  }

  /**
   * @returns `same` where these bytes were there before
   * @throws Refusal where these bytes can never be taken: `empty`, `too-large`, `not-an-image`, `too-many-pixels`,
   *   `crop-conflict`, `hash-mismatch`, `deleted`
   */
  async receive(crop: CropId, bytes: Buffer, nowMs: number): Promise<'stored' | 'same'> {
    const outcome = await this.group.add(this.look(crop, bytes, nowMs));
    metrics.crops.inc({ outcome });
    if (outcome === 'conflict') {
      throw new Rejection(
        'crop-conflict',
        `crop ${crop.cropId} is stored with other bytes, which stay: send these under an id of their own`,
      );
    }
    if (outcome === 'deleted') {
      throw new Rejection(
        'deleted',
        `crop ${crop.cropId} was deleted for good: it is not taken again, and the trap may delete it`,
      );
    }
    if (outcome === 'hash-mismatch') {
      throw new Rejection(
        'hash-mismatch',
        `the bytes of crop ${crop.cropId} are not those that the manifest announced: send the crop again as the manifest has it`,
      );
    }
    return outcome;
  }

  private look(crop: CropId, bytes: Buffer, receivedAtMs: number): Arrived {
    const header = expectImage(bytes, this.limits);
    return { ...crop, bytes, ...header, ...fingerprint(bytes), receivedAtMs };
  }

  private async commit(crops: readonly Arrived[]): Promise<readonly StoreOutcome[]> {
    const nowMs = Date.now();
    // The bytes first: a row must never promise what is not on the disk.
    const places = await this.bytes.put(crops.map((crop) => crop.bytes));
    const rows = crops.map((crop, i) => ({
      ...crop,
      bytes: crop.bytes.length,
      ...(places[i] as JournalOffset),
    }));
    const outcomes = await this.store(rows, nowMs);
    this.pictures.received(
      rows.filter((_, i) => outcomes[i] === 'stored'),
      nowMs,
    );
    await this.restoreDamaged(rows.filter((_, i) => outcomes[i] === 'same'));
    // Nobody may find these bytes any more, and the journal has them already.
    if (outcomes.includes('deleted')) await this.journal.retire();
    this.onStored();
    return outcomes;
  }

  private async store(
    rows: readonly NewCrop[],
    nowMs: number,
    deleted?: ReadonlySet<string>,
  ): Promise<readonly StoreOutcome[]> {
    try {
      // These crops have gathered already, and wait for their disk no longer.
      const store = async (tx: Db) => {
        const stored = await storeCrops(tx, rows, nowMs + QUIET_MS, deleted);
        for (const run of stored.filled) await this.settler.evaluate(tx, run, nowMs);
        return stored.outcomes;
      };
      return await this.catalog.inSharedTransaction(store, { isUrgent: true });
    } catch (err) {
      if (!(err instanceof CropsDeletedError)) throw err;
      return this.store(rows, nowMs, err.keys);
    }
  }

  /**
   * Crops that have come again with the bytes that the catalog knows. Whose bytes are not on the disk is stored once more:
   * a trap that is told that all is well deletes its copy.
   */
  private async restoreDamaged(crops: readonly NewCrop[]): Promise<void> {
    if (!crops.length) return;
    const damaged = new Set((await this.bytes.verifyCrops(crops)).map(cropKey));
    for (const crop of crops) {
      if (!damaged.delete(cropKey(crop))) continue;
      await this.catalog.db.transaction().execute(async (tx) => {
        const nowMs = Date.now();
        if (!(await putBackInInbox(tx, crop, placeOf(crop), nowMs))) return;
        metrics.crops.inc({ outcome: 'restored' });
        await this.settler.evaluate(tx, crop, nowMs);
      });
    }
  }
}

const placeOf = ({ segment, position }: NewCrop): JournalOffset => ({ segment, position });

type ImageLimits = Pick<IngestSettings['limits'], 'cropBytes' | 'cropPixels' | 'cropSide'>;

/**
 * What the header of an image says, where these bytes are one that is taken.
 *
 * @throws Refusal `empty`, `too-large`, `not-an-image`, `too-many-pixels`
 */
export function expectImage(bytes: Buffer, limits: ImageLimits): ImageHeader {
  const { cropBytes, cropPixels, cropSide } = limits;
  if (bytes.length === 0)
    throw new Rejection('empty', 'the crop has no bytes: send the image as the payload');
  if (bytes.length > cropBytes)
    throw new Rejection('too-large', `the crop has ${bytes.length} bytes: at most ${cropBytes} are taken`);
  const header = probeImage(bytes);
  if (!header)
    throw new Rejection(
      'not-an-image',
      'the payload is not a JPEG, PNG or WebP image: send the raw bytes of one, not text or base64',
    );
  const why = tooCostly(header, bytes.length, { pixels: cropPixels, side: cropSide });
  if (why) throw new Rejection('too-many-pixels', why);
  return header;
}
