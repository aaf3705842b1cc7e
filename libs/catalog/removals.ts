import { sql } from 'kysely';
import { type CropId, type RunId, runKey } from '../domain/index.js';
import { cropIdOf, cropIn, inChunks, number, runIdOf, runIn } from './keys.js';
import type { RunPictures } from './retention.js';
import type { CropsTable, Db } from './schema.js';

const ROWS_AT_ONCE = 500;

/**
 * Notes the pictures of these runs as removed for good, and their files as to be deleted: from the commit on nobody is
 * handed them any more, and whoever is killed now leaves a list of what is still to do.
 *
 * A run that has been reviewed meanwhile, was opened again, or has a crop under way keeps all of them.
 *
 * @param atMs of the round
 * @returns what was removed of each run that lost something
 */
export async function markRemoved(
  tx: Db,
  runs: readonly RunId[],
  atMs: number,
): Promise<Map<string, RunPictures>> {
  const held = await holdRemovable(tx, runs);
  if (!held.length) return new Map();
  const removed = await tx
    .updateTable('crops')
    .set({ removed_at: atMs, damaged_at: null })
    .where(runIn(held))
    .where('removed_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('crops as other')
            .select(sql`1`.as('one'))
            .whereRef('other.trap_id', '=', 'crops.trap_id')
            .whereRef('other.run_id', '=', 'crops.run_id')
            .where('other.stage', '<>', sql.lit('done')),
        ),
      ),
    )
    .returning(['trap_id', 'run_id', 'crop_id', 'bytes'])
    .execute();
  for (const rows of inChunks(removed, ROWS_AT_ONCE)) {
    await tx
      .insertInto('removals')
      .values(rows.map(({ trap_id, run_id, crop_id }) => ({ trap_id, run_id, crop_id })))
      .onConflict((conflict) => conflict.columns(['trap_id', 'run_id', 'crop_id']).doNothing())
      .execute();
    await tx
      .updateTable('runs')
      .set({ removed_at: atMs })
      .where(runIn(rows.map(runIdOf)))
      .execute();
  }
  const sums = new Map<string, RunPictures>();
  for (const row of removed) {
    const { crops, bytes } = sums.get(runKey(runIdOf(row))) ?? { crops: 0, bytes: 0 };
    sums.set(runKey(runIdOf(row)), { crops: crops + 1, bytes: bytes + row.bytes });
  }
  return sums;
}

/** Those of these runs that may lose their pictures; they stay as they are until all is committed. */
async function holdRemovable(tx: Db, runs: readonly RunId[]): Promise<RunId[]> {
  const held: RunId[] = [];
  // One by one and in one order for all processes, or two transactions could wait for each other.
  for (const run of [...runs].sort((a, b) => (runKey(a) < runKey(b) ? -1 : 1))) {
    const { numUpdatedRows } = await tx
      .updateTable('runs')
      .set({ revision: sql`revision` })
      .where('trap_id', '=', run.trapId)
      .where('run_id', '=', run.runId)
      .where('state', '=', sql.lit('complete'))
      .where('reviewed', '=', 0)
      .executeTakeFirst();
    if (Number(numUpdatedRows)) held.push(run);
  }
  return held;
}

/** A removed picture whose file may still be there. */
export interface Removal extends CropId {
  readonly format: CropsTable['format'];
  /** The day of its run. */
  readonly day: string;
}

/** Files that are still to be deleted, in the order of their crops. */
export async function listRemovals(db: Db, limit: number, after?: CropId): Promise<Removal[]> {
  const rows = await db
    .selectFrom('removals')
    .innerJoin('crops', (join) =>
      join
        .onRef('crops.trap_id', '=', 'removals.trap_id')
        .onRef('crops.run_id', '=', 'removals.run_id')
        .onRef('crops.crop_id', '=', 'removals.crop_id'),
    )
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'removals.trap_id').onRef('runs.run_id', '=', 'removals.run_id'),
    )
    .select(['removals.trap_id', 'removals.run_id', 'removals.crop_id', 'crops.format', 'runs.day'])
    // Whatever came between: a picture that counts as there is never deleted.
    .where('crops.removed_at', 'is not', null)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(removals.trap_id, removals.run_id, removals.crop_id) > (${after?.trapId}, ${after?.runId}, ${after?.cropId})`,
      ),
    )
    .orderBy('removals.trap_id')
    .orderBy('removals.run_id')
    .orderBy('removals.crop_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...cropIdOf(row), format: row.format, day: row.day }));
}

/** The files of these are gone, durably. */
export async function leaveRemovals(db: Db, crops: readonly CropId[]): Promise<void> {
  if (crops.length) await db.deleteFrom('removals').where(cropIn(crops)).execute();
}

export async function countRemovals(db: Db): Promise<number> {
  const row = await db.selectFrom('removals').select(sql<number>`count(*)`.as('files')).executeTakeFirst();
  return number(row?.files);
}

/** True where a picture of the run is gone that `model` has never seen: it cannot speak of the run as a whole. */
export async function hasRemovedUnseen(db: Db, run: RunId, model: string): Promise<boolean> {
  const row = await db
    .selectFrom('crops')
    .leftJoin('classifications', (join) =>
      join
        .onRef('classifications.trap_id', '=', 'crops.trap_id')
        .onRef('classifications.run_id', '=', 'crops.run_id')
        .onRef('classifications.crop_id', '=', 'crops.crop_id')
        .on('classifications.model', '=', model),
    )
    .select('crops.crop_id')
    .where('crops.trap_id', '=', run.trapId)
    .where('crops.run_id', '=', run.runId)
    .where('crops.removed_at', 'is not', null)
    .where('classifications.crop_id', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
