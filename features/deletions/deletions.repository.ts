import { sql } from 'kysely';
import { type CropsTable, cropIdOf, type Db, type DeletionsTable, runIn } from '../../libs/database/index.js';
import { type CropId, type RunId, runKey } from '../../libs/domain/index.js';
import { RunVerdict } from '../observations/index.js';
import { type Deletion, lockKnownRun, WHOLE_RUN } from '../runs/index.js';

const verdict = new RunVerdict();

/** A picture whose bytes may still lie on the disk. */
export interface DeletedFile extends CropId {
  /** The day of its run. */
  readonly day: string;
  readonly format: CropsTable['format'];
}

/** Who deletes, and why. */
export interface DeletionNote {
  readonly reason: string;
  readonly byKind: DeletionsTable['by_kind'];
  readonly byName: string;
  readonly atMs: number;
}

/**
 * Deletes a run with all that is known of it, for good: only the note stays. Its files are on the list that
 * `deletionsWithFiles` returns until `filesAreGone` is called.
 *
 * @returns undefined where there is no such run
 */
export async function deleteRun(tx: Db, run: RunId, note: DeletionNote): Promise<Deletion | undefined> {
  await holdCrops(tx, run);
  const row = await lockKnownRun(tx, run);
  if (!row) return undefined;
  const crops = await tx
    .selectFrom('crops')
    .select(['trap_id', 'run_id', 'crop_id', 'format'])
    .where(runIn([run]))
    .execute();
  const deletion = await putNote(
    tx,
    { ...run, cropId: WHOLE_RUN },
    note,
    crops.map((crop) => ({ ...cropIdOf(crop), day: row.day, format: crop.format })),
  );
  for (const table of [
    'inbox',
    'removals',
    'classifications',
    'detections',
    'observations',
    'reviews',
    'crops',
    'dead_letters',
    'runs',
  ] as const)
    await tx.deleteFrom(table).where('trap_id', '=', run.trapId).where('run_id', '=', run.runId).execute();
  await tx.deleteFrom('outbox').where('key', '=', runKey(run)).execute();
  await verdict.forget(tx, row);
  return deletion;
}

/**
 * Deletes one picture with all that is known of it. The run is decided again at the next step, without it; a run that
 * has no other picture has no observation any more, unless a person has reviewed it.
 *
 * @returns undefined where there is no such crop
 */
export async function deleteCrop(tx: Db, crop: CropId, note: DeletionNote): Promise<Deletion | undefined> {
  const run = { trapId: crop.trapId, runId: crop.runId };
  await holdCrops(tx, run);
  const row = await lockKnownRun(tx, run);
  if (!row) return undefined;
  const ofCrop = (table: 'inbox' | 'removals' | 'classifications' | 'detections' | 'dead_letters') =>
    tx
      .deleteFrom(table)
      .where('trap_id', '=', crop.trapId)
      .where('run_id', '=', crop.runId)
      .where('crop_id', '=', crop.cropId)
      .execute();
  const gone = await tx
    .deleteFrom('crops')
    .where('trap_id', '=', crop.trapId)
    .where('run_id', '=', crop.runId)
    .where('crop_id', '=', crop.cropId)
    .returning(['bytes', 'format'])
    .executeTakeFirst();
  if (!gone) return undefined;
  for (const table of ['inbox', 'removals', 'classifications', 'detections', 'dead_letters'] as const)
    await ofCrop(table);
  const deletion = await putNote(tx, crop, note, [{ ...crop, day: row.day, format: gone.format }]);
  const isLast = row.storedCrops <= 1;
  if (isLast)
    await tx
      .deleteFrom('observations')
      .where(runIn([run]))
      .execute();
  await verdict.apply(tx, row, {
    nowMs: note.atMs,
    fields: {
      storedCrops: Math.max(0, row.storedCrops - 1),
      storedBytes: Math.max(0, row.storedBytes - gone.bytes),
      decideAtMs: note.atMs,
    },
    observation: isLast ? 'none' : undefined,
    hasOtherCrops: true,
  });
  return deletion;
}

/** Crops before their run, as all who write them do: in another order two transactions could wait for each other. */
async function holdCrops(tx: Db, run: RunId): Promise<void> {
  await tx
    .updateTable('crops')
    .set({ stage: sql`stage` })
    .where(runIn([run]))
    .execute();
}

async function putNote(
  tx: Db,
  { trapId, runId, cropId }: CropId,
  note: DeletionNote,
  files: readonly DeletedFile[],
): Promise<Deletion> {
  const row: Deletion = {
    trap_id: trapId,
    run_id: runId,
    crop_id: cropId,
    reason: note.reason,
    by_kind: note.byKind,
    by_name: note.byName,
    at_ms: note.atMs,
    files: files.length ? JSON.stringify(files) : null,
  };
  await tx
    .insertInto('deletions')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id', 'crop_id']).doUpdateSet({ files: row.files, at_ms: row.at_ms }),
    )
    .execute();
  return row;
}

/** Newest first. */
export function listDeletions(
  db: Db,
  limit: number,
  before?: { readonly atMs: number } & CropId,
): Promise<Deletion[]> {
  return db
    .selectFrom('deletions')
    .selectAll()
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(at_ms, trap_id, run_id, crop_id) < (${before?.atMs}, ${before?.trapId}, ${before?.runId}, ${before?.cropId})`,
      ),
    )
    .orderBy('at_ms', 'desc')
    .orderBy('trap_id', 'desc')
    .orderBy('run_id', 'desc')
    .orderBy('crop_id', 'desc')
    .limit(limit)
    .execute();
}

/** Deletions whose files may still be there. */
export async function deletionsWithFiles(
  db: Db,
): Promise<readonly { readonly deletion: Deletion; readonly files: readonly DeletedFile[] }[]> {
  const rows = await db.selectFrom('deletions').selectAll().where('files', 'is not', null).execute();
  return rows.map((deletion) => ({ deletion, files: JSON.parse(deletion.files ?? '[]') }));
}

/** The files of this deletion are gone, durably. */
export async function filesAreGone(db: Db, { trap_id, run_id, crop_id }: Deletion): Promise<void> {
  await db
    .updateTable('deletions')
    .set({ files: null })
    .where('trap_id', '=', trap_id)
    .where('run_id', '=', run_id)
    .where('crop_id', '=', crop_id)
    .execute();
}
