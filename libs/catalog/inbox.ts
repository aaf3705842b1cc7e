import type { CropId } from '../domain/index.js';
import { cropIn } from './keys.js';
import type { CropsTable, Db } from './schema.js';

/** A crop whose bytes are durable in the catalog and have no plain file yet. */
export interface InboxCrop {
  readonly crop: CropId;
  readonly format: CropsTable['format'];
  /** The day of its run. */
  readonly day: string;
  readonly bytes: Buffer;
}

/** The oldest crops of the inbox, with their bytes. */
export async function oldestInInbox(db: Db, limit: number): Promise<InboxCrop[]> {
  const rows = await db
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
    .select(['runs.day', 'inbox.trap_id', 'inbox.run_id', 'inbox.crop_id', 'inbox.bytes', 'crops.format'])
    .orderBy('inbox.received_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    crop: { trapId: row.trap_id, runId: row.run_id, cropId: row.crop_id },
    format: row.format,
    day: row.day,
    bytes: asBuffer(row.bytes),
  }));
}

/** The plain files of these crops are durable: they may be classified, and the inbox forgets them. */
export async function leaveInbox(tx: Db, crops: readonly CropId[]): Promise<void> {
  if (!crops.length) return;
  await tx
    .updateTable('crops')
    .set({ stage: 'waiting' })
    .where(cropIn(crops))
    .where('stage', '=', 'inbox')
    .execute();
  await tx.deleteFrom('inbox').where(cropIn(crops)).execute();
}

/** The bytes of a crop that has no plain file yet. */
export async function bytesInInbox(db: Db, crop: CropId): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('inbox')
    .select('bytes')
    .where('trap_id', '=', crop.trapId)
    .where('run_id', '=', crop.runId)
    .where('crop_id', '=', crop.cropId)
    .executeTakeFirst();
  return row && asBuffer(row.bytes);
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
