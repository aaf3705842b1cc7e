import { sql } from 'kysely';
import { cropIdOf, cropIn, type Db, inChunks, number, runIn } from '../../libs/database/index.js';
import { type CropId, cropKey, runKey } from '../../libs/domain/index.js';
import { type CropFile, cropFileOf, cropFiles } from './crop-files.js';
import type { JournalLocation } from './inbox.repository.js';

const ROWS_AT_ONCE = 500;

/** A crop, and where in the journal it was when its bytes were looked for. */
export interface LookedFor extends CropId {
  readonly place: JournalLocation | undefined;
}

/**
 * Notes that the bytes of these pictures are not on the disk any more: the receipts of their runs ask for them again, and
 * the classifier leaves them alone until they are back. One that has come again since it was looked for is passed over.
 *
 * @returns those of which it was not known
 */
export async function noteDamaged(tx: Db, crops: readonly LookedFor[], nowMs: number): Promise<CropId[]> {
  const noted: CropId[] = [];
  for (const all of inChunks(inOrder(crops), ROWS_AT_ONCE)) {
    const some = await stillThere(tx, all);
    if (!some.length) continue;
    const rows = await tx
      .updateTable('crops')
      .set({ damaged_at: nowMs, stage: 'done' })
      .where(cropIn(some))
      .where('damaged_at', 'is', null)
      .where('removed_at', 'is', null)
      .returning(['trap_id', 'run_id', 'crop_id'])
      .execute();
    noted.push(...rows.map(cropIdOf));
  }
  if (!noted.length) return [];
  for (const some of inChunks(noted, ROWS_AT_ONCE))
    await tx.deleteFrom('inbox').where(cropIn(some)).execute();
  const runs = [...new Map(noted.map((crop) => [runKey(crop), crop])).values()];
  for (const some of inChunks(runs, ROWS_AT_ONCE)) {
    // It may have waited for these crops alone.
    await tx.updateTable('runs').set({ decide_at: nowMs }).where(runIn(some)).execute();
    await tx
      .updateTable('runs')
      .set({ receipt_state: 'incomplete', receipt_due_at: nowMs })
      .where(runIn(some))
      .where('end_received_at', 'is not', null)
      .execute();
  }
  return noted;
}

/** The files of these pictures are whole after all: they are classified as if they had just come. */
export async function noteWhole(tx: Db, crops: readonly CropId[], nowMs: number): Promise<void> {
  if (!crops.length) return;
  await tx
    .updateTable('crops')
    .set({ damaged_at: null, stage: 'waiting', turn: 0 })
    .where(cropIn(inOrder(crops)))
    .where('damaged_at', 'is not', null)
    .execute();
  await tx
    .updateTable('runs')
    .set({ receipt_due_at: nowMs })
    .where(runIn(crops))
    .where('receipt_state', '=', sql.lit('incomplete'))
    .execute();
}

/** Damaged pictures that are not removed, those first that have been damaged longest. */
export async function damagedPictures(
  db: Db,
  page: { readonly limit: number; readonly offset: number; readonly trapId?: string },
): Promise<CropFile[]> {
  const { trapId } = page;
  const rows = await cropFiles(db)
    .where('crops.damaged_at', 'is not', null)
    .$if(trapId !== undefined, (query) => query.where('crops.trap_id', '=', trapId as string))
    .orderBy('crops.damaged_at')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  return rows.map(cropFileOf);
}

/** How many pictures are known to be damaged. */
export async function countDamaged(db: Db): Promise<number> {
  const row = await db
    .selectFrom('crops')
    .select(sql<number>`count(*)`.as('crops'))
    .where('damaged_at', 'is not', null)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return number(row?.crops);
}

/** Holds the crops until the transaction ends. @returns those that are where they were when they were looked for */
async function stillThere(tx: Db, crops: readonly LookedFor[]): Promise<LookedFor[]> {
  await tx.updateTable('crops').set({ stage: sql`stage` }).where(cropIn(crops)).execute();
  const rows = await tx.selectFrom('inbox').selectAll().where(cropIn(crops)).execute();
  const places = new Map(rows.map((row) => [cropKey(cropIdOf(row)), row]));
  return crops.filter((crop) => {
    const now = places.get(cropKey(crop));
    return now?.segment === crop.place?.segment && now?.position === crop.place?.position;
  });
}

// One order for all processes, or two transactions could wait for each other.
const inOrder = <Crop extends CropId>(crops: readonly Crop[]): Crop[] =>
  [...crops].sort((a, b) => (runKey(a) + a.cropId < runKey(b) + b.cropId ? -1 : 1));
