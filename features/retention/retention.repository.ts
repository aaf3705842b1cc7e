import { type Insertable, type Selectable, sql } from 'kysely';
import {
  type CropsTable,
  cropIdOf,
  cropIn,
  type Db,
  inChunks,
  number,
  type RetentionRoundsTable,
  runIdOf,
  runIn,
} from '../../libs/database/index.js';
import {
  type CropId,
  type PicturedRun,
  placeInTime,
  type RunId,
  runKey,
  timeOrReceiptMs,
} from '../../libs/domain/index.js';

/** Where a page of runs ended. */
type RunCursor = RunId & { readonly atMs: number };

/** A run with what its pictures take. */
interface RunAtAge extends PicturedRun {
  readonly storedCrops: number;
  readonly storedBytes: number;
  /** True where all pictures that it had were removed, and none has come since. */
  readonly emptied: boolean;
}

/**
 * All runs, oldest first, in pages of at most `size`: each page costs the same, however many runs were emptied before.
 * Those of unknown time come behind all others, by their receipt, which is their age.
 *
 * @param beforeMs only of visits before this
 */
export async function* runsByAge(
  db: Db,
  size: number,
  beforeMs?: number,
): AsyncGenerator<readonly RunAtAge[]> {
  yield* pagesByAge(db, size, 0, beforeMs ?? Number.MAX_SAFE_INTEGER);
  yield* pagesByAge(
    db,
    size,
    Number.MIN_SAFE_INTEGER,
    beforeMs === undefined ? 0 : placeInTime(undefined, beforeMs),
  );
}

/** @param fromMs of the place in time, like `toMs`, which is excluded */
async function* pagesByAge(
  db: Db,
  size: number,
  fromMs: number,
  toMs: number,
): AsyncGenerator<readonly RunAtAge[]> {
  let after: RunCursor | undefined;
  for (;;) {
    const last = after;
    const rows = await db
      .selectFrom('runs')
      .select(['trap_id', 'run_id', 'day', 'at_ms', 'last_received_at', 'state', 'reviewed'])
      .select(['label', 'taxon', 'probability', 'stored_crops', 'stored_bytes', 'removed_at'])
      .where(sql<boolean>`(at_ms >= ${sql.lit(fromMs)} and at_ms < ${sql.lit(toMs)})`)
      .$if(last !== undefined, (query) =>
        query.where(
          sql<boolean>`(at_ms, trap_id, run_id) > (${last?.atMs}, ${last?.trapId}, ${last?.runId})`,
        ),
      )
      .orderBy('at_ms')
      .orderBy('trap_id')
      .orderBy('run_id')
      .limit(size)
      .execute();
    const page = rows.map((row) => ({
      ...runIdOf(row),
      day: row.day,
      atMs: timeOrReceiptMs(row.at_ms),
      lastReceivedAtMs: row.last_received_at,
      complete: row.state === 'complete',
      reviewed: row.reviewed === 1,
      label: row.label,
      taxon: row.taxon,
      probability: row.probability,
      storedCrops: row.stored_crops,
      storedBytes: row.stored_bytes,
      emptied: row.removed_at !== null && row.removed_at > row.last_received_at,
    }));
    if (page.length) yield page;
    if (page.length < size) return;
    const end = rows.at(-1);
    after = end && { ...runIdOf(end), atMs: end.at_ms };
  }
}

/** What of a run's pictures could go now. */
export interface RunPictures {
  readonly crops: number;
  readonly bytes: number;
}

/** The pictures of those of these runs that have any; a run with a crop that is under way is left out. */
export async function picturesOf(db: Db, runs: readonly RunId[]): Promise<Map<string, RunPictures>> {
  if (!runs.length) return new Map();
  const rows = await db
    .selectFrom('crops')
    .select(['trap_id', 'run_id', sql<number>`count(*)`.as('crops'), sql<number>`sum(bytes)`.as('bytes')])
    .where(runIn(runs))
    .where('removed_at', 'is', null)
    .groupBy(['trap_id', 'run_id'])
    .having(sql<boolean>`sum(case when stage = 'done' then 0 else 1 end) = 0`)
    .execute();
  return new Map(
    rows.map((row) => [runKey(runIdOf(row)), { crops: number(row.crops), bytes: number(row.bytes) }]),
  );
}

type RetentionRound = Selectable<RetentionRoundsTable>;

/** Notes that a round begins. @returns its time, which no other round has */
export async function beginRound(
  db: Db,
  rule: Pick<Insertable<RetentionRoundsTable>, 'older_than_ms' | 'free_bytes'>,
  nowMs: number,
): Promise<number> {
  for (let atMs = nowMs; ; atMs += 1) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('retention_rounds')
      .values({ at_ms: atMs, ...rule, runs: 0, crops: 0, bytes: 0 })
      .onConflict((conflict) => conflict.column('at_ms').doNothing())
      .executeTakeFirst();
    if (Number(numInsertedOrUpdatedRows ?? 0) > 0) return atMs;
  }
}

/** Adds what a step of the round has removed, in the transaction that removes it. */
export async function countInRound(
  tx: Db,
  atMs: number,
  { runs, crops, bytes }: { readonly runs: number; readonly crops: number; readonly bytes: number },
): Promise<void> {
  await tx
    .updateTable('retention_rounds')
    .set((eb) => ({
      runs: eb('runs', '+', runs),
      crops: eb('crops', '+', crops),
      bytes: eb('bytes', '+', bytes),
    }))
    .where('at_ms', '=', atMs)
    .execute();
}

/** The round that removed something at this time, with its rule. */
export function findRound(db: Db, atMs: number): Promise<RetentionRound | undefined> {
  return db.selectFrom('retention_rounds').selectAll().where('at_ms', '=', atMs).executeTakeFirst();
}

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
  const held = await lockRemovable(tx, runs);
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
async function lockRemovable(tx: Db, runs: readonly RunId[]): Promise<RunId[]> {
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
export async function ackRemovals(db: Db, crops: readonly CropId[]): Promise<void> {
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
