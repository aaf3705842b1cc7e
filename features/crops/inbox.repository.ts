import { sql } from 'kysely';
import { type CropsTable, cachedOne, cachedQuery, cropIn, type Db } from '../../libs/database/index.js';
import { type CropId, cropKey } from '../../libs/domain/index.js';
import { deletedAmong } from '../runs/index.js';

/** Where in the journal. */
export interface JournalLocation {
  readonly segment: string;
  readonly position: number;
}

/** A crop whose bytes are durable in the journal and have no plain file yet. */
export interface InboxCrop {
  readonly crop: CropId;
  readonly format: CropsTable['format'];
  /** The day of its run. */
  readonly day: string;
  readonly place: JournalLocation;
  /** How many. */
  readonly bytes: number;
  readonly crc32: number;
}

/** The oldest crops of the inbox. */
export async function oldestInInbox(db: Db, limit: number): Promise<InboxCrop[]> {
  const { rows } = await selectOldest(db, { limit });
  return rows.map((row) => ({
    crop: { trapId: row.trap_id, runId: row.run_id, cropId: row.crop_id },
    format: row.format,
    day: row.day,
    place: { segment: row.segment, position: row.position },
    bytes: row.bytes,
    crc32: row.crc32,
  }));
}

const selectOldest = cachedOne((db, at: { limit: number }) =>
  db
    .selectFrom('inbox')
    .innerJoin('crops', (join) =>
      join
        .onRef('crops.trap_id', '=', 'inbox.trap_id')
        .onRef('crops.run_id', '=', 'inbox.run_id')
        .onRef('crops.crop_id', '=', 'inbox.crop_id'),
    )
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'inbox.trap_id').onRef('runs.run_id', '=', 'inbox.run_id'),
    )
    .select([
      'runs.day',
      'inbox.trap_id',
      'inbox.run_id',
      'inbox.crop_id',
      'inbox.segment',
      'inbox.position',
      'crops.bytes',
      'crops.crc32',
      'crops.format',
    ])
    .orderBy('inbox.received_at')
    .limit(at.limit),
);

/**
 * The plain files of these crops are durable: they may be classified, and the inbox forgets them.
 *
 * @returns those that were deleted for good meanwhile: their files must go
 */
export async function ackInbox(tx: Db, crops: readonly CropId[]): Promise<readonly CropId[]> {
  if (!crops.length) return [];
  await setWaiting(tx, crops);
  const { numAffectedRows } = await takeOut(tx, crops);
  if (Number(numAffectedRows) === crops.length) return [];
  const deleted = await deletedAmong(tx, crops);
  return crops.filter((crop) => deleted.has(cropKey(crop)));
}

const setWaiting = cachedQuery((tx, crops: readonly CropId[]) =>
  tx
    .updateTable('crops')
    .set({
      stage: 'waiting',
      visit_ms: sql`(select coalesce(at_ms, crops.received_at) from runs where runs.trap_id = crops.trap_id and runs.run_id = crops.run_id)`,
    })
    .where(cropIn(crops))
    .where('stage', '=', 'inbox'),
);
const takeOut = cachedQuery((tx, crops: readonly CropId[]) => tx.deleteFrom('inbox').where(cropIn(crops)));

/** Where the bytes of a crop are that has no plain file yet. */
export function placeInInbox(db: Db, crop: CropId): Promise<JournalLocation | undefined> {
  return db
    .selectFrom('inbox')
    .select(['segment', 'position'])
    .where('trap_id', '=', crop.trapId)
    .where('run_id', '=', crop.runId)
    .where('crop_id', '=', crop.cropId)
    .executeTakeFirst();
}

/** Puts crops behind all others: something is wrong with them that need not hold up the rest. */
export async function postponeInInbox(db: Db, crops: readonly CropId[], nowMs: number): Promise<void> {
  if (crops.length) await db.updateTable('inbox').set({ received_at: nowMs }).where(cropIn(crops)).execute();
}

/**
 * A stored crop whose file was lost has come again: its bytes are in the journal, and get a file once more.
 *
 * @returns false where its picture was removed for good
 */
export async function putBackInInbox(
  tx: Db,
  crop: CropId,
  place: JournalLocation,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('crops')
    .set({ stage: 'inbox', turn: 0, damaged_at: null })
    .where(cropIn([crop]))
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (!Number(numUpdatedRows)) return false;
  const row = { ...place, received_at: nowMs };
  await tx
    .insertInto('inbox')
    .values({ trap_id: crop.trapId, run_id: crop.runId, crop_id: crop.cropId, ...row })
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id', 'crop_id']).doUpdateSet(row))
    .execute();
  return true;
}

/** The segments of the journal that hold something without a plain file. */
export async function segmentsInUse(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('inbox').select('segment').distinct().execute();
  return new Set(rows.map((row) => row.segment));
}
