import { sql } from 'kysely';
import type { CropId, RunId } from '../domain/index.js';
import { cropIdOf, cropIn, number } from './keys.js';
import type { CropsTable, Db } from './schema.js';

export interface NewClassification extends CropId {
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  readonly energy?: number;
  readonly logits?: Float32Array;
  /** Why the crop has no label. */
  readonly code?: string;
}

/** A crop with a plain file that waits for the classifier. */
export interface WaitingCrop extends CropId {
  readonly format: CropsTable['format'];
  /** The day of its run. */
  readonly day: string;
}

/** The crops that have waited longest. */
export async function waitingCrops(db: Db, limit: number): Promise<WaitingCrop[]> {
  const rows = await db
    .selectFrom('crops')
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'crops.trap_id').onRef('runs.run_id', '=', 'crops.run_id'),
    )
    .select(['crops.trap_id', 'crops.run_id', 'crops.crop_id', 'crops.format', 'runs.day'])
    .where('crops.stage', '=', sql.lit('waiting'))
    .orderBy('crops.received_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...cropIdOf(row), format: row.format, day: row.day }));
}

/** Keeps what the model said of these crops; said again, the later answer stays. */
export async function saveClassifications(
  tx: Db,
  model: string,
  results: readonly NewClassification[],
  nowMs: number,
): Promise<void> {
  if (!results.length) return;
  await tx
    .insertInto('classifications')
    .values(
      results.map((result) => ({
        trap_id: result.trapId,
        run_id: result.runId,
        crop_id: result.cropId,
        model,
        label: result.ranked[0]?.label ?? null,
        probability: result.ranked[0]?.probability ?? null,
        ranked: JSON.stringify(result.ranked),
        energy: result.energy ?? null,
        logits: result.logits
          ? Buffer.from(result.logits.buffer, result.logits.byteOffset, result.logits.byteLength)
          : null,
        code: result.code ?? null,
        classified_at: nowMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id', 'crop_id', 'model']).doUpdateSet({
        label: sql`excluded.label`,
        probability: sql`excluded.probability`,
        ranked: sql`excluded.ranked`,
        energy: sql`excluded.energy`,
        logits: sql`excluded.logits`,
        code: sql`excluded.code`,
        classified_at: sql`excluded.classified_at`,
      }),
    )
    .execute();
  await tx.updateTable('crops').set({ stage: 'done' }).where(cropIn(results)).execute();
}

/** The votes of a run's crops for their top-1 label, by one model. Crops without a label do not vote. */
export async function votesOf(db: Db, run: RunId, model: string) {
  const rows = await db
    .selectFrom('classifications')
    .select(['label', sql<number>`count(*)`.as('crops'), sql<number>`sum(probability)`.as('probability_sum')])
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('model', '=', model)
    .where('label', 'is not', null)
    .groupBy('label')
    .orderBy('label')
    .execute();
  return rows.map((row) => ({
    label: row.label as string,
    crops: number(row.crops),
    probabilitySum: number(row.probability_sum),
  }));
}

/** True while a crop of the run has not been through the classifier. */
export async function hasCropsUnderWay(db: Db, run: RunId): Promise<boolean> {
  const row = await db
    .selectFrom('crops')
    .select('crop_id')
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('stage', '<>', sql.lit('done'))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Sends the crops of a run that this model has not seen back to the classifier.
 *
 * @returns how many
 */
export async function queueUnseen(tx: Db, run: RunId, model: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('crops')
    .set({ stage: 'waiting' })
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('stage', '=', 'done')
    .where((eb) => eb.not(eb.exists(seenBy(tx, model))))
    .executeTakeFirst();
  return number(numUpdatedRows);
}

const seenBy = (db: Db, model: string) =>
  db
    .selectFrom('classifications')
    .select(sql`1`.as('one'))
    .where(
      sql<boolean>`(classifications.trap_id, classifications.run_id, classifications.crop_id) = (crops.trap_id, crops.run_id, crops.crop_id)`,
    )
    .where('classifications.model', '=', model);

export interface ReclassifyFilter {
  readonly trapId?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * Sends crops of the past to the classifier that `model` has not seen, or could not classify.
 *
 * @returns how many crops
 */
export async function queuePast(tx: Db, model: string, filter: ReclassifyFilter): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('crops')
    .set({ stage: 'waiting' })
    .where('stage', '=', 'done')
    .where((eb) => eb.not(eb.exists(seenBy(tx, model).where('classifications.code', 'is', null))))
    .where((eb) => {
      let runs = eb
        .selectFrom('runs')
        .select(sql`1`.as('one'))
        .whereRef('runs.trap_id', '=', 'crops.trap_id')
        .whereRef('runs.run_id', '=', 'crops.run_id');
      if (filter.trapId !== undefined) runs = runs.where('runs.trap_id', '=', filter.trapId);
      if (filter.fromMs !== undefined) runs = runs.where('runs.at_ms', '>=', filter.fromMs);
      if (filter.toMs !== undefined) runs = runs.where('runs.at_ms', '<', filter.toMs);
      return eb.exists(runs);
    })
    .executeTakeFirst();
  return number(numUpdatedRows);
}

/** How many crops stand at each stage before `done`. */
export async function countUnderWay(db: Db): Promise<{ inbox: number; waiting: number }> {
  const rows = await db
    .selectFrom('crops')
    .select(['stage', sql<number>`count(*)`.as('crops')])
    .where('stage', '<>', sql.lit('done'))
    .groupBy('stage')
    .execute();
  const of = (stage: string) => number(rows.find((row) => row.stage === stage)?.crops);
  return { inbox: of('inbox'), waiting: of('waiting') };
}
