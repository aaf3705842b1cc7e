import { type Insertable, sql } from 'kysely';
import { cachedOne, type Db, type DetectionsTable, inChunks } from '../../libs/database/index.js';
import { type CropId, cropKey, type RunId } from '../../libs/domain/index.js';

const ROWS_AT_ONCE = 500;

/** An entry of a run's manifest. */
export interface NewDetection extends CropId {
  readonly sha256?: string;
  readonly atMs?: number;
  readonly confidence?: number;
  readonly box?: readonly number[];
  /** The entry as the trap sent it. */
  readonly entry: unknown;
}

/**
 * Keeps a run's manifest. A later one replaces it, as every field of a later message does; only what it no longer names
 * although the crop is stored stays, since that is still true.
 *
 * @param isPart others come beside it: it adds to what is there, and replaces only what was said of the same crops
 */
export async function putManifest(
  tx: Db,
  run: RunId,
  detections: readonly NewDetection[],
  isPart = false,
): Promise<void> {
  if (isPart) {
    await putDetections(tx, detections);
    return;
  }
  await tx
    .deleteFrom('detections')
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where(
      sql<boolean>`not exists (select 1 from crops where (crops.trap_id, crops.run_id, crops.crop_id) = (detections.trap_id, detections.run_id, detections.crop_id))`,
    )
    .execute();
  await putDetections(tx, detections);
}

async function putDetections(tx: Db, detections: readonly NewDetection[]): Promise<void> {
  const distinct = [...new Map(detections.map((detection) => [cropKey(detection), detection])).values()];
  await putDetectionRows(
    tx,
    distinct.map((detection) => ({
      trap_id: detection.trapId,
      run_id: detection.runId,
      crop_id: detection.cropId,
      sha256: detection.sha256 ?? null,
      at_ms: detection.atMs ?? null,
      confidence: detection.confidence ?? null,
      box: detection.box ? JSON.stringify(detection.box) : null,
      entry: JSON.stringify(detection.entry),
    })),
  );
}

/** Each once. What was said of these crops before is replaced. */
export async function putDetectionRows(
  tx: Db,
  detections: readonly Insertable<DetectionsTable>[],
): Promise<void> {
  for (const rows of inChunks(detections, ROWS_AT_ONCE)) {
    await tx
      .insertInto('detections')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['trap_id', 'run_id', 'crop_id']).doUpdateSet({
          sha256: sql`excluded.sha256`,
          at_ms: sql`excluded.at_ms`,
          confidence: sql`excluded.confidence`,
          box: sql`excluded.box`,
          entry: sql`excluded.entry`,
        }),
      )
      .execute();
  }
}

/** A run's manifest against what is stored of it, in the order of the crop ids. A damaged picture is not stored. */
export async function manifestOf(
  db: Db,
  run: RunId,
): Promise<{ crop: string; stored: boolean; hashDiffers: boolean }[]> {
  const { rows } = await selectManifest(db, run);
  return rows.map((row) => ({
    crop: row.crop_id,
    stored: row.kept !== null && row.damaged_at === null,
    hashDiffers: row.kept !== null && row.announced !== null && row.kept !== row.announced,
  }));
}

const selectManifest = cachedOne((db, run: RunId) =>
  db
    .selectFrom('detections')
    .leftJoin('crops', (join) =>
      join
        .onRef('crops.trap_id', '=', 'detections.trap_id')
        .onRef('crops.run_id', '=', 'detections.run_id')
        .onRef('crops.crop_id', '=', 'detections.crop_id'),
    )
    .select([
      'detections.crop_id',
      'detections.sha256 as announced',
      'crops.sha256 as kept',
      'crops.damaged_at',
    ])
    .where('detections.trap_id', '=', run.trapId)
    .where('detections.run_id', '=', run.runId)
    .orderBy('detections.crop_id'),
);
