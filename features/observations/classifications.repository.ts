import { sql } from 'kysely';
import type { StoredLogits } from '../../libs/classifier/index.js';
import {
  type CropsTable,
  cachedOne,
  cachedQuery,
  cropIdOf,
  cropIn,
  type Db,
  inChunks,
  number,
} from '../../libs/database/index.js';
import { type CropId, cropKey, groupVotes, type LabelVotes, type RunId } from '../../libs/domain/index.js';

const ROWS_AT_ONCE = 500;

interface NewClassification extends CropId {
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  readonly energy?: number;
  readonly logits?: StoredLogits;
  /** Why the crop has no label. */
  readonly code?: string;
}

/** A crop with a plain file that waits for the classifier. */
export interface WaitingCrop extends CropId {
  readonly format: CropsTable['format'];
  /** The day of its run. */
  readonly day: string;
  /** Of its bytes. */
  readonly crc32: number;
  /** When the insect was there, as far as it was known when the crop began to wait. */
  readonly visitMs: number;
}

/** Which crops wait: 0 = fresh, 1 = of the past, once more. */
export type Turn = CropsTable['turn'];

/** Traps of which crops wait. As cheap with a million crops as with one. */
export async function trapsWaiting(db: Db, turn: Turn): Promise<string[]> {
  const { rows } = await sql<{ trap_id: string }>`
    with recursive waiting(trap_id) as (
      select min(trap_id) from crops where stage = 'waiting' and turn = ${sql.lit(turn)}
      union all
      select (select min(crops.trap_id) from crops
        where stage = 'waiting' and turn = ${sql.lit(turn)} and crops.trap_id > waiting.trap_id)
      from waiting where trap_id is not null)
    select trap_id from waiting where trap_id is not null`.execute(db);
  return rows.map((row) => row.trap_id);
}

/**
 * Crops of one trap that wait, by the time of their visit: the newest first, or the oldest.
 *
 * @param of `unlessHeldBy`: where several services classify, without crops that are held by any but this one
 */
export async function waitingCrops(
  db: Db,
  of: {
    readonly trapId: string;
    readonly turn: Turn;
    readonly limit: number;
    readonly unlessHeldBy?: string | undefined;
  },
  order: 'newest' | 'oldest',
): Promise<WaitingCrop[]> {
  const { unlessHeldBy } = of;
  const { rows } =
    unlessHeldBy === undefined
      ? await (order === 'newest' ? selectNewest : selectOldest)(db, of)
      : await (order === 'newest' ? selectNewestFree : selectOldestFree)(db, { ...of, unlessHeldBy });
  return rows.map((row) => ({
    ...cropIdOf(row),
    format: row.format,
    day: row.day,
    crc32: row.crc32,
    visitMs: row.visit_ms ?? 0,
  }));
}

interface WaitingOf {
  readonly trapId: string;
  readonly turn: Turn;
  readonly limit: number;
}

const waiting = (db: Db, of: WaitingOf, direction: 'asc' | 'desc') =>
  db
    .selectFrom('crops')
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'crops.trap_id').onRef('runs.run_id', '=', 'crops.run_id'),
    )
    .select(['crops.trap_id', 'crops.run_id', 'crops.crop_id', 'crops.format', 'crops.crc32', 'runs.day'])
    .select('crops.visit_ms')
    .where('crops.stage', '=', sql.lit('waiting'))
    .where('crops.turn', '=', of.turn)
    .where('crops.trap_id', '=', of.trapId)
    .orderBy('crops.visit_ms', direction)
    .limit(of.limit);
const selectWaiting = (direction: 'asc' | 'desc') =>
  cachedOne((db, of: WaitingOf) => waiting(db, of, direction));
const selectNewest = selectWaiting('desc');
const selectOldest = selectWaiting('asc');

const selectFree = (direction: 'asc' | 'desc') =>
  cachedOne((db, of: WaitingOf & { readonly unlessHeldBy: string }) =>
    waiting(db, of, direction).where(
      sql<boolean>`not exists (select 1 from crop_claims c where c.trap_id = crops.trap_id and c.run_id = crops.run_id
        and c.crop_id = crops.crop_id and c.holder <> ${of.unlessHeldBy}
        and c.expires_at >= (extract(epoch from clock_timestamp()) * 1000)::bigint)`,
    ),
  );
const selectNewestFree = selectFree('desc');
const selectOldestFree = selectFree('asc');

/** Keeps what the model said of these crops; said again, the later answer stays. */
export async function saveClassifications(
  tx: Db,
  model: string,
  results: readonly NewClassification[],
  nowMs: number,
): Promise<void> {
  const distinct = [...new Map(results.map((result) => [cropKey(result), result])).values()];
  for (const rows of inChunks(distinct, ROWS_AT_ONCE)) await saveRows(tx, model, rows, nowMs);
}

async function saveRows(
  tx: Db,
  model: string,
  results: readonly NewClassification[],
  nowMs: number,
): Promise<void> {
  const rows = results.map((result) => asRow(model, result, nowMs));
  await putClassifications(tx, rows);
  const { numAffectedRows } = await setDone(tx, results);
  // What was deleted while the classifier had it must not vote.
  if (Number(numAffectedRows ?? 0) < results.length) await forgetUnknown(tx, results);
}

async function forgetUnknown(tx: Db, crops: readonly CropId[]): Promise<void> {
  const known = await tx
    .selectFrom('crops')
    .select(['trap_id', 'run_id', 'crop_id'])
    .where(cropIn(crops))
    .execute();
  const keys = new Set(known.map((row) => cropKey(cropIdOf(row))));
  const unknown = crops.filter((crop) => !keys.has(cropKey(crop)));
  if (unknown.length) await tx.deleteFrom('classifications').where(cropIn(unknown)).execute();
}

function asRow(model: string, { trapId, runId, cropId, ...result }: NewClassification, nowMs: number) {
  const { ranked, energy = null, logits, code = null } = result;
  return {
    trapId,
    runId,
    cropId,
    model,
    label: ranked[0]?.label ?? null,
    probability: ranked[0]?.probability ?? null,
    ranked: JSON.stringify(ranked),
    energy,
    logits: logits ? Buffer.from(logits.buffer, logits.byteOffset, logits.byteLength) : null,
    code,
    nowMs,
  };
}

const putClassifications = cachedQuery((tx, rows: readonly ReturnType<typeof asRow>[]) =>
  tx
    .insertInto('classifications')
    .values(
      rows.map((row) => ({
        trap_id: row.trapId,
        run_id: row.runId,
        crop_id: row.cropId,
        model: row.model,
        label: row.label,
        probability: row.probability,
        ranked: row.ranked,
        energy: row.energy,
        logits: row.logits,
        code: row.code,
        classified_at: row.nowMs,
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
    ),
);

const setDone = cachedQuery((tx, crops: readonly CropId[]) =>
  tx.updateTable('crops').set({ stage: 'done' }).where(cropIn(crops)),
);

/**
 * The votes of a run's crops for their top-1 label, by one model. Crops without a label do not vote. Summed here in
 * the order of the crop ids, so that the same votes give the same figures to the last bit, whenever they came.
 */
export async function votesOf(db: Db, run: RunId, model: string): Promise<LabelVotes[]> {
  const { rows } = await selectVotes(db, { ...run, model });
  return groupVotes(
    rows.map((row) => ({ label: row.label as string, probability: row.probability as number })),
  );
}

/** The answers that one model gave for the crops of a run, in the order of the crop ids; crops without a label are left out. */
export async function answersOf(db: Db, run: RunId, model: string) {
  const { rows } = await selectAnswers(db, { ...run, model });
  return rows.map((row) => ({
    label: row.label as string,
    probability: row.probability as number,
    logits: row.logits,
  }));
}

const selectAnswers = cachedOne((db, of: RunId & { model: string }) =>
  db
    .selectFrom('classifications')
    .select(['label', 'probability', 'logits'])
    .where('trap_id', '=', of.trapId)
    .where('run_id', '=', of.runId)
    .where('model', '=', of.model)
    .where('label', 'is not', null)
    .orderBy('crop_id'),
);

const selectVotes = cachedOne((db, of: RunId & { model: string }) =>
  db
    .selectFrom('classifications')
    .select(['label', 'probability'])
    .where('trap_id', '=', of.trapId)
    .where('run_id', '=', of.runId)
    .where('model', '=', of.model)
    .where('label', 'is not', null)
    .orderBy('crop_id'),
);

/** True while a crop of the run has not been through the classifier. */
export async function hasCropsInProgress(db: Db, run: RunId): Promise<boolean> {
  return (await selectInProgress(db, run)).rows.length > 0;
}

const selectInProgress = cachedOne((db, run: RunId) =>
  db
    .selectFrom('crops')
    .select('crop_id')
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('stage', '<>', sql.lit('done'))
    .limit(1),
);

/** How many crops stand at each stage before `done`. */
export async function countInProgress(db: Db): Promise<{ inbox: number; waiting: number }> {
  const count = sql<number>`count(*)`.as('crops');
  const inbox = await db.selectFrom('inbox').select(count).executeTakeFirst();
  const waiting = await db
    .selectFrom('crops')
    .select(count)
    .where('stage', '=', sql.lit('waiting'))
    .executeTakeFirst();
  return { inbox: number(inbox?.crops), waiting: number(waiting?.crops) };
}
