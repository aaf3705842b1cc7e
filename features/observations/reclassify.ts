import { setTimeout } from 'node:timers/promises';
import { type ExpressionBuilder, sql } from 'kysely';
import { type Db, number, runIdOf, runIn, type Tables } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';

/** When the insect was there, as the run has it now. */
const VISIT_MS = sql<number>`(select coalesce(at_ms, crops.received_at) from runs where runs.trap_id = crops.trap_id and runs.run_id = crops.run_id)`;
/** Small enough for a commit of milliseconds: the service writes to the same tables meanwhile. */
const RUNS_AT_ONCE = 200;

/**
 * Sends the crops of a run that this model has not seen back to the classifier.
 *
 * @param visitMs when the insect was there
 * @returns how many
 */
export async function queueUnseen(tx: Db, run: RunId, visitMs: number, model: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('crops')
    .set({ stage: 'waiting', turn: 1, visit_ms: visitMs })
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('stage', '=', sql.lit('done'))
    .where('removed_at', 'is', null)
    .where('damaged_at', 'is', null)
    .where((eb) => eb.not(eb.exists(seenBy(eb, model))))
    .executeTakeFirst();
  return number(numUpdatedRows);
}

export interface ReclassifyFilter {
  readonly trapId?: string;
  /** Of the run's start, from here on. */
  readonly fromMs?: number;
  /** Of the run's start, before this. */
  readonly toMs?: number;
}

/** How somebody follows the queueing, and ends it; what is queued by then stays queued. */
interface WatchedQueueing {
  readonly onProgress?: (crops: number) => void;
  readonly signal?: AbortSignal;
}

/** How many crops of the past still wait for the classifier. */
export async function countQueuedPast(db: Db): Promise<number> {
  const row = await db
    .selectFrom('crops')
    .select(sql<number>`count(*)`.as('crops'))
    .where('stage', '=', sql.lit('waiting'))
    .where('turn', '=', 1)
    .executeTakeFirst();
  return number(row?.crops);
}

/**
 * Sends crops of the past to the classifier that `model` has not seen, or could not classify. Committed in small steps,
 * so that a service at work on the same database never waits for long; stopped half-way, it may be called again.
 *
 * @returns how many crops
 */
export async function queuePast(
  db: Db,
  model: string,
  filter: ReclassifyFilter,
  { onProgress, signal }: WatchedQueueing = {},
): Promise<number> {
  let crops = 0;
  for await (const runs of pagesOfRuns(db, filter)) {
    const startedAt = performance.now();
    const { numUpdatedRows } = await db
      .updateTable('crops')
      .set({ stage: 'waiting', turn: 1, visit_ms: VISIT_MS })
      .where(runIn(runs))
      .where('stage', '=', sql.lit('done'))
      .where('removed_at', 'is', null)
      .where('damaged_at', 'is', null)
      .where((eb) => eb.not(eb.exists(labelledBy(eb, model))))
      .executeTakeFirst();
    crops += number(numUpdatedRows);
    onProgress?.(crops);
    signal?.throwIfAborted();
    // Half of the time belongs to others: SQLite's lock is not handed over in turn, and whoever waits here is polite.
    await setTimeout(performance.now() - startedAt);
  }
  return crops;
}

/** How many crops `queuePast` would send. */
export async function countPast(db: Db, model: string, filter: ReclassifyFilter): Promise<number> {
  let crops = 0;
  for await (const runs of pagesOfRuns(db, filter)) {
    const row = await db
      .selectFrom('crops')
      .select(sql<number>`count(*)`.as('crops'))
      .where(runIn(runs))
      .where('stage', '=', sql.lit('done'))
      .where('removed_at', 'is', null)
      .where('damaged_at', 'is', null)
      .where((eb) => eb.not(eb.exists(labelledBy(eb, model))))
      .executeTakeFirst();
    crops += number(row?.crops);
  }
  return crops;
}

async function* pagesOfRuns(db: Db, { trapId, fromMs, toMs }: ReclassifyFilter) {
  let after: RunId | undefined;
  for (;;) {
    const last = after;
    const rows = await db
      .selectFrom('runs')
      .select(['trap_id', 'run_id'])
      .$if(trapId !== undefined, (query) => query.where('trap_id', '=', trapId as string))
      .$if(fromMs !== undefined, (query) => query.where('at_ms', '>=', fromMs as number))
      // Runs of unknown time are in no span of time.
      .$if(fromMs !== undefined || toMs !== undefined, (query) => query.where('at_ms', '>=', 0))
      .$if(toMs !== undefined, (query) => query.where('at_ms', '<', toMs as number))
      .$if(last !== undefined, (query) =>
        query.where(sql<boolean>`(trap_id, run_id) > (${last?.trapId}, ${last?.runId})`),
      )
      .orderBy('trap_id')
      .orderBy('run_id')
      .limit(RUNS_AT_ONCE)
      .execute();
    if (!rows.length) return;
    const runs = rows.map(runIdOf);
    yield runs;
    after = runs.at(-1);
  }
}

const seenBy = (eb: ExpressionBuilder<Tables, 'crops'>, model: string) =>
  eb
    .selectFrom('classifications')
    .select(sql`1`.as('one'))
    .whereRef('classifications.trap_id', '=', 'crops.trap_id')
    .whereRef('classifications.run_id', '=', 'crops.run_id')
    .whereRef('classifications.crop_id', '=', 'crops.crop_id')
    .where('classifications.model', '=', model);

const labelledBy = (eb: ExpressionBuilder<Tables, 'crops'>, model: string) =>
  seenBy(eb, model).where('classifications.code', 'is', null);
