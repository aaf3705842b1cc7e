import { type CropsTable, cachedQuery, cropIdOf, cropIn, type Db } from '../../libs/database/index.js';
import { type CropId, cropKey, type RunId } from '../../libs/domain/index.js';
import { countInRuns, deletedAmong } from '../runs/index.js';

/** A crop as it came, with what its header and its bytes say. */
export interface NewCrop extends CropId {
  readonly bytes: number;
  /** Where its bytes are in the journal, durable. */
  readonly segment: string;
  readonly position: number;
  readonly format: CropsTable['format'];
  readonly sha256: string;
  readonly crc32: number;
  readonly width: number;
  readonly height: number;
  readonly truncated: boolean;
  readonly receivedAtMs: number;
}

/**
 * `stored`: new. `same`: these bytes were there before. `conflict`: the id has other bytes, which stay.
 * `hash-mismatch`: the run's manifest announced other bytes, and those are taken, or stored already.
 * `deleted`: the crop or its run was deleted for good.
 */
export type StoreOutcome = 'stored' | 'same' | 'conflict' | 'hash-mismatch' | 'deleted';

interface StoredGroup {
  /** One per crop, in order. */
  readonly outcomes: readonly StoreOutcome[];
  /** Runs that have their `end` and, with these crops, as many as it announced. */
  readonly filled: readonly RunId[];
}

/** Some of these crops were deleted for good: the transaction has to be taken back and done again without them. */
export class CropsDeletedError extends Error {
  /** @param keys of the deleted ones */
  constructor(readonly keys: ReadonlySet<string>) {
    super('some of these crops were deleted for good');
  }
}

/**
 * Stores crops, where their bytes are (the inbox) and their part in their runs. Durable when the transaction is.
 *
 * @param decideAtMs when an open run that got a crop must be looked at
 * @param deleted keys of crops that are known to be deleted for good: they are not stored
 * @throws CropsDeletedError where others were deleted too, maybe at this very moment
 */
export async function storeCrops(
  tx: Db,
  crops: readonly NewCrop[],
  decideAtMs: number,
  deleted: ReadonlySet<string> = new Set(),
): Promise<StoredGroup> {
  const announced = await announcedHashes(tx, crops);
  const isRight = (crop: NewCrop) => (announced.get(cropKey(crop)) ?? crop.sha256) === crop.sha256;
  const distinct = firstOfEach(crops.filter((crop) => isRight(crop) && !deleted.has(cropKey(crop))));
  const stored = await insertNew(tx, distinct);
  const known = await knownHashes(
    tx,
    crops.filter((crop) => !stored.has(cropKey(crop))),
  );
  const fresh = distinct.filter((crop) => stored.has(cropKey(crop)));
  let filled: RunId[] = [];
  if (fresh.length) {
    await putInInbox(tx, fresh);
    filled = await countInRuns(tx, fresh, decideAtMs);
  }
  // Now that the rows of their runs are held nobody can delete them any more: a look before could come too early.
  const gone = await deletedAmong(tx, crops);
  if ([...gone].some((key) => !deleted.has(key))) throw new CropsDeletedError(gone);
  const firstUse = new Set<string>();
  const outcomes = crops.map((crop): StoreOutcome => {
    const key = cropKey(crop);
    if (deleted.has(key)) return 'deleted';
    const keptHash = stored.get(key) ?? known.get(key);
    if (keptHash === undefined) return 'hash-mismatch';
    // Right bytes are there: these were a slip. Where others are there, no bytes can mend it any more.
    if (!isRight(crop) && keptHash === announced.get(key)) return 'hash-mismatch';
    if (keptHash !== crop.sha256) return 'conflict';
    if (!stored.has(key) || firstUse.has(key)) return 'same';
    firstUse.add(key);
    return 'stored';
  });
  return { outcomes, filled };
}

/** Of crops with the same id the first. In one order for all processes, or two transactions could wait for each other. */
function firstOfEach(crops: readonly NewCrop[]): NewCrop[] {
  const byKey = new Map<string, NewCrop>();
  for (const crop of crops) if (!byKey.has(cropKey(crop))) byKey.set(cropKey(crop), crop);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, crop]) => crop);
}

const columnsOf = (crop: CropId) => ({ trap_id: crop.trapId, run_id: crop.runId, crop_id: crop.cropId });

/** @returns key → sha256 of those that were not there before */
async function insertNew(tx: Db, crops: readonly NewCrop[]): Promise<Map<string, string>> {
  if (!crops.length) return new Map();
  const { rows } = await insertCrops(
    tx,
    crops.map((crop) => ({ ...crop, truncated: crop.truncated ? (1 as const) : (0 as const) })),
  );
  return new Map(rows.map((row) => [cropKey(cropIdOf(row)), row.sha256]));
}

const insertCrops = cachedQuery((tx, crops: readonly (Omit<NewCrop, 'truncated'> & { truncated: 0 | 1 })[]) =>
  tx
    .insertInto('crops')
    .values(
      crops.map((crop) => ({
        ...columnsOf(crop),
        stage: 'inbox' as const,
        turn: 0 as const,
        format: crop.format,
        bytes: crop.bytes,
        sha256: crop.sha256,
        crc32: crop.crc32,
        width: crop.width,
        height: crop.height,
        truncated: crop.truncated,
        received_at: crop.receivedAtMs,
      })),
    )
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id', 'crop_id']).doNothing())
    .returning(['trap_id', 'run_id', 'crop_id', 'sha256']),
);

const putInInbox = cachedQuery((tx, crops: readonly NewCrop[]) =>
  tx.insertInto('inbox').values(
    crops.map((crop) => ({
      ...columnsOf(crop),
      received_at: crop.receivedAtMs,
      segment: crop.segment,
      position: crop.position,
    })),
  ),
);

async function knownHashes(tx: Db, crops: readonly CropId[]): Promise<Map<string, string>> {
  if (!crops.length) return new Map();
  const rows = await tx
    .selectFrom('crops')
    .select(['trap_id', 'run_id', 'crop_id', 'sha256'])
    .where(cropIn(crops))
    .execute();
  return new Map(rows.map((row) => [cropKey(cropIdOf(row)), row.sha256]));
}

async function announcedHashes(tx: Db, crops: readonly CropId[]): Promise<Map<string, string>> {
  const { rows } = await announcedOf(tx, crops);
  return new Map(rows.map((row) => [cropKey(cropIdOf(row)), row.sha256 as string]));
}

const announcedOf = cachedQuery((tx, crops: readonly CropId[]) =>
  tx
    .selectFrom('detections')
    .select(['trap_id', 'run_id', 'crop_id', 'sha256'])
    .where(cropIn(crops))
    .where('sha256', 'is not', null),
);
