import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import {
  Catalog,
  type CropsTable,
  cropIdOf,
  type Db,
  type DeletionsTable,
  runIn,
} from '../../libs/database/index.js';
import { type CropId, type RunId, runKey } from '../../libs/domain/index.js';
import { RunVerdict } from '../observations/index.js';
import { type Deletion, lockKnownRun, toDeletion, WHOLE_RUN } from '../runs/index.js';

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

/** A deletion, and the files that it leaves behind. */
export interface Deleted {
  readonly deletion: Deletion;
  readonly files: readonly DeletedFile[];
}

/** Where a page of deletions ended; `cropId` is empty for a whole run. */
type DeletionCursor = readonly [atMs: number, trapId: string, runId: string, cropId: string];

@Injectable()
export class DeletionsRepository {
  constructor(private readonly catalog: Catalog) {}

  /**
   * Deletes a run with all that is known of it, for good: only the note stays. Its files are on the list that
   * {@link withFiles} returns until {@link noteFilesGone} is called.
   *
   * @returns undefined where there is no such run
   */
  deleteRun(run: RunId, note: DeletionNote): Promise<Deleted | undefined> {
    return this.catalog.db.transaction().execute((tx) => removeRun(tx, run, note));
  }

  /**
   * Deletes one picture with all that is known of it. The run is decided again at the next step, without it; a run that
   * has no other picture has no observation any more, unless a person has reviewed it.
   *
   * @returns undefined where there is no such crop
   */
  deleteCrop(crop: CropId, note: DeletionNote): Promise<Deleted | undefined> {
    return this.catalog.db.transaction().execute((tx) => removeCrop(tx, crop, note));
  }

  /** Newest first. */
  async list(limit: number, before?: DeletionCursor): Promise<Deletion[]> {
    const rows = await this.catalog.reader
      .selectFrom('deletions')
      .selectAll()
      .$if(before !== undefined, (query) =>
        query.where(
          sql<boolean>`(at_ms, trap_id, run_id, crop_id) < (${before?.[0]}, ${before?.[1]}, ${before?.[2]}, ${before?.[3]})`,
        ),
      )
      .orderBy('at_ms', 'desc')
      .orderBy('trap_id', 'desc')
      .orderBy('run_id', 'desc')
      .orderBy('crop_id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toDeletion);
  }

  /** Deletions whose files may still be there. */
  async withFiles(): Promise<readonly Deleted[]> {
    const rows = await this.catalog.reader
      .selectFrom('deletions')
      .selectAll()
      .where('files', 'is not', null)
      .execute();
    return rows.map((row) => ({ deletion: toDeletion(row), files: JSON.parse(row.files ?? '[]') }));
  }

  /** The files of this deletion are gone, durably. */
  async noteFilesGone({ trapId, runId, cropId }: Deletion): Promise<void> {
    await this.catalog.db
      .updateTable('deletions')
      .set({ files: null })
      .where('trap_id', '=', trapId)
      .where('run_id', '=', runId)
      .where('crop_id', '=', cropId)
      .execute();
  }
}

async function removeRun(tx: Db, run: RunId, note: DeletionNote): Promise<Deleted | undefined> {
  await lockCrops(tx, run);
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

async function removeCrop(tx: Db, crop: CropId, note: DeletionNote): Promise<Deleted | undefined> {
  const run = { trapId: crop.trapId, runId: crop.runId };
  await lockCrops(tx, run);
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
async function lockCrops(tx: Db, run: RunId): Promise<void> {
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
): Promise<Deleted> {
  const row = {
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
  return { deletion: toDeletion(row), files };
}
