import { sql } from 'kysely';
import {
  type CropsTable,
  cachedQuery,
  cropIdOf,
  cropIn,
  type Db,
  number,
  runIn,
} from '../../libs/database/index.js';
import type { CropId, RunId } from '../../libs/domain/index.js';
import type { JournalLocation } from './inbox.repository.js';

/** A picture that should be there, and where. */
export interface CropFile extends CropId {
  readonly format: CropsTable['format'];
  /** The day of its run. */
  readonly day: string;
  readonly bytes: number;
  readonly sha256: string;
  /** In the journal, where it has no plain file yet. */
  readonly place: JournalLocation | undefined;
}

/** Pictures that should be there; for this library only. */
export const cropFiles = (db: Db) =>
  db
    .selectFrom('crops')
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'crops.trap_id').onRef('runs.run_id', '=', 'crops.run_id'),
    )
    .leftJoin('inbox', (join) =>
      join
        .onRef('inbox.trap_id', '=', 'crops.trap_id')
        .onRef('inbox.run_id', '=', 'crops.run_id')
        .onRef('inbox.crop_id', '=', 'crops.crop_id'),
    )
    .select(['crops.trap_id', 'crops.run_id', 'crops.crop_id', 'crops.format', 'crops.bytes', 'crops.sha256'])
    .select(['runs.day', 'inbox.segment', 'inbox.position'])
    .where('crops.removed_at', 'is', null);

type Row = Awaited<ReturnType<ReturnType<typeof cropFiles>['execute']>>[number];

export const cropFileOf = (row: Row): CropFile => ({
  ...cropIdOf(row),
  format: row.format,
  day: row.day,
  bytes: row.bytes,
  sha256: row.sha256,
  place:
    row.segment === null || row.position === null
      ? undefined
      : { segment: row.segment, position: row.position },
});

/** Pictures that should be there, in the order of their ids. */
export async function cropFilesAfter(db: Db, after: CropId | undefined, limit: number): Promise<CropFile[]> {
  const rows = await cropFiles(db)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(crops.trap_id, crops.run_id, crops.crop_id) > (${after?.trapId}, ${after?.runId}, ${after?.cropId})`,
      ),
    )
    .orderBy('crops.trap_id')
    .orderBy('crops.run_id')
    .orderBy('crops.crop_id')
    .limit(limit)
    .execute();
  return rows.map(cropFileOf);
}

/** All pictures that should be there, in the order of their ids, in pages of at most `size`. */
export async function* allCropFiles(db: Db, size: number): AsyncGenerator<readonly CropFile[]> {
  let after: CropId | undefined;
  for (;;) {
    const page = await cropFilesAfter(db, after, size);
    if (page.length) yield page;
    if (page.length < size) return;
    after = page.at(-1);
  }
}

/** One of them as the catalog has it now, or undefined where it was removed. */
export async function findCropFile(db: Db, crop: CropId): Promise<CropFile | undefined> {
  const row = await cropFiles(db)
    .where('crops.trap_id', '=', crop.trapId)
    .where('crops.run_id', '=', crop.runId)
    .where('crops.crop_id', '=', crop.cropId)
    .executeTakeFirst();
  return row && cropFileOf(row);
}

/** All pictures of these runs that should be there. */
export async function cropFilesOfRuns(db: Db, runs: readonly RunId[]): Promise<CropFile[]> {
  if (!runs.length) return [];
  const { rows } = await selectOfRuns(db, runs);
  return rows.map(cropFileOf);
}

const selectOfRuns = cachedQuery((db, runs: readonly RunId[]) => cropFiles(db).where(runIn(runs, 'crops')));

/**
 * Brings a copy of the catalog to where every picture is a plain file or gone: no journal belongs to it.
 *
 * @param removed pictures that retention has removed since the copy was made
 */
export async function finishCopy(copy: Db, removed: readonly CropId[], nowMs: number): Promise<void> {
  for (const { trapId, runId, cropId } of removed) {
    const ofRun = copy
      .updateTable('runs')
      .set({ removed_at: nowMs })
      .where('trap_id', '=', trapId)
      .where('run_id', '=', runId);
    await ofRun.execute();
    const ofCrop = copy.updateTable('crops').set({ removed_at: nowMs });
    await ofCrop.where(cropIn([{ trapId, runId, cropId }])).execute();
  }
  await copy
    .updateTable('crops')
    .set({ stage: 'waiting', visit_ms: sql`received_at` })
    .where('stage', '=', sql.lit('inbox'))
    .execute();
  await copy.deleteFrom('inbox').execute();
  await copy.deleteFrom('removals').execute();
}

/** How much there is. */
export async function countAll(db: Db): Promise<{ traps: number; runs: number; crops: number }> {
  const count = async (table: 'traps' | 'runs' | 'crops') =>
    number((await db.selectFrom(table).select(sql<number>`count(*)`.as('rows')).executeTakeFirst())?.rows);
  return { traps: await count('traps'), runs: await count('runs'), crops: await count('crops') };
}
