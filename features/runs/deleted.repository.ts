import type { Selectable } from 'kysely';
import {
  cachedOne,
  cachedQuery,
  cropIdOf,
  type Db,
  type DeletionsTable,
  runIn,
} from '../../libs/database/index.js';
import { type CropId, cropKey, type RunId } from '../../libs/domain/index.js';

/** A note of what was deleted for good. */
export interface Deletion extends CropId {
  readonly reason: string;
  readonly byKind: DeletionsTable['by_kind'];
  readonly byName: string;
  readonly atMs: number;
}

/** Stands for a whole run in place of a crop. */
export const WHOLE_RUN = '';

/** The note of a crop that was deleted, by itself or with its run; of a run where no crop is named. */
export async function findDeletion(
  db: Db,
  run: RunId & { readonly cropId?: string },
): Promise<Deletion | undefined> {
  const { rows } = await selectDeletion(db, { ...run, cropId: run.cropId ?? WHOLE_RUN });
  return rows[0] && toDeletion(rows[0]);
}

export const toDeletion = (row: Selectable<DeletionsTable>): Deletion => ({
  ...cropIdOf(row),
  reason: row.reason,
  byKind: row.by_kind,
  byName: row.by_name,
  atMs: row.at_ms,
});

const selectDeletion = cachedOne((db, crop: CropId) =>
  db
    .selectFrom('deletions')
    .selectAll()
    .where('trap_id', '=', crop.trapId)
    .where('run_id', '=', crop.runId)
    .where('crop_id', 'in', [WHOLE_RUN, crop.cropId])
    .orderBy('crop_id')
    .limit(1),
);

/** Those of these crops that were deleted, by themselves or with their run, as keys. */
export async function deletedAmong(tx: Db, crops: readonly CropId[]): Promise<ReadonlySet<string>> {
  const { rows } = await notesOfRuns(tx, crops);
  if (!rows.length) return new Set();
  const notes = new Set(rows.map((row) => cropKey(cropIdOf(row))));
  return new Set(
    crops
      .filter((crop) => notes.has(cropKey(crop)) || notes.has(cropKey({ ...crop, cropId: WHOLE_RUN })))
      .map(cropKey),
  );
}

const notesOfRuns = cachedQuery((tx, crops: readonly CropId[]) =>
  tx.selectFrom('deletions').select(['trap_id', 'run_id', 'crop_id']).where(runIn(crops)),
);
