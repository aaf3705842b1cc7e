import { sql, type Updateable } from 'kysely';
import { cachedOne, cachedQuery, type Db, type RunsTable, runIdOf } from '../../libs/database/index.js';
import { type Run, type RunId, runKey } from '../../libs/domain/index.js';
import { columnsOf, toRun } from './run-rows.js';

/**
 * Reads a run's row and holds it until the transaction ends, so that two processes cannot both complete the run.
 * A run that nobody knew comes to be.
 */
export async function lockRun(tx: Db, run: RunId, nowMs: number): Promise<Run> {
  const known = await lockKnownRun(tx, run);
  if (known) return known;
  await tx
    .insertInto('runs')
    .values(emptyRun(run, nowMs))
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id']).doNothing())
    .execute();
  return (await lockKnownRun(tx, run)) as Run;
}

/** The same of a run that must be known; undefined where it is not. */
export async function lockKnownRun(tx: Db, run: RunId): Promise<Run | undefined> {
  const [row] = (await lockRow(tx, run)).rows;
  return row && toRun(row);
}

// An update that changes nothing is the one way to lock a row that both engines know.
const lockRow = cachedOne((tx, run: RunId) =>
  tx
    .updateTable('runs')
    .set({ revision: sql`revision` })
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .returningAll(),
);

export async function saveRun(tx: Db, { trapId, runId }: RunId, change: Partial<Run>): Promise<void> {
  const columns = columnsOf(change);
  const names = Object.keys(columns) as (keyof typeof columns)[];
  if (!names.length) return;
  const key = names.join();
  let update = updates.get(key);
  if (!update) {
    if (updates.size >= UPDATES_KEPT) updates.clear();
    update = updateOf(names);
    updates.set(key, update);
  }
  await update(tx, { ...columns, trapId, runId });
}

/** By the columns that they set. */
const updates = new Map<string, ReturnType<typeof updateOf>>();
const UPDATES_KEPT = 100;

const updateOf = (names: readonly (keyof Updateable<RunsTable>)[]) =>
  cachedOne((tx, row: RunId & Updateable<RunsTable>) =>
    tx
      .updateTable('runs')
      .set(Object.fromEntries(names.map((name) => [name, row[name]])))
      .where('trap_id', '=', row.trapId)
      .where('run_id', '=', row.runId),
  );

/** Runs whose time to be looked at has come, the most urgent first. */
export async function dueRuns(db: Db, nowMs: number, limit: number): Promise<RunId[]> {
  const due = (column: 'decide_at' | 'receipt_due_at') =>
    db
      .selectFrom('runs')
      .select(['trap_id', 'run_id'])
      .where(column, '<=', nowMs)
      .where(column, 'is not', null)
      .orderBy(column)
      .limit(limit)
      .execute();
  const rows = [...(await due('decide_at')), ...(await due('receipt_due_at'))];
  return [...new Map(rows.map((row) => [`${row.trap_id}/${row.run_id}`, runIdOf(row)])).values()];
}

/** What a run counts of a crop. */
interface CountedCrop extends RunId {
  readonly bytes: number;
  readonly receivedAtMs: number;
}

/**
 * Counts new crops in their runs: a run comes to be with its first crop, and opens again with a late one.
 *
 * @returns runs that have their `end` and, with these crops, as many as it announced
 */
export async function countInRuns(
  tx: Db,
  crops: readonly CountedCrop[],
  decideAtMs: number,
): Promise<RunId[]> {
  const runs = new Map<string, { run: RunId; crops: number; bytes: number; atMs: number }>();
  for (const crop of crops) {
    const sum = runs.get(runKey(crop)) ?? { run: crop, crops: 0, bytes: 0, atMs: crop.receivedAtMs };
    sum.crops += 1;
    sum.bytes += crop.bytes;
    sum.atMs = Math.max(sum.atMs, crop.receivedAtMs);
    runs.set(runKey(crop), sum);
  }
  // One order for all processes, or two transactions could wait for each other.
  const sorted = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  const { rows } = await addToRuns(
    tx,
    sorted.map(({ run, crops: count, bytes, atMs }) => ({
      ...emptyRun(run, atMs),
      stored_crops: count,
      stored_bytes: bytes,
      decide_at: decideAtMs,
    })),
  );
  return rows
    .filter(
      (row) =>
        row.end_received_at !== null && row.stored_crops >= (row.announced_crops ?? Number.POSITIVE_INFINITY),
    )
    .map(runIdOf);
}

type NewRun = ReturnType<typeof emptyRun>;

const addToRuns = cachedQuery((tx, runs: readonly NewRun[]) =>
  tx
    .insertInto('runs')
    .values(runs.map((run) => Object.fromEntries(NEW_RUN.map((name) => [name, run[name]])) as NewRun))
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id']).doUpdateSet({
        stored_crops: sql`runs.stored_crops + excluded.stored_crops`,
        stored_bytes: sql`runs.stored_bytes + excluded.stored_bytes`,
        last_received_at: sql`case when excluded.last_received_at > runs.last_received_at then excluded.last_received_at else runs.last_received_at end`,
        state: 'open',
        decide_at: sql`excluded.decide_at`,
      }),
    )
    .returning(['trap_id', 'run_id', 'stored_crops', 'announced_crops', 'end_received_at']),
);

/** A run of which nothing is known yet but that something of it came. */
export function emptyRun(run: RunId, atMs: number) {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    day: new Date(atMs).toISOString().slice(0, 10),
    clock_suspect: 0 as const,
    extra: '{}',
    stored_crops: 0,
    stored_bytes: 0,
    first_received_at: atMs,
    last_received_at: atMs,
    at_ms: atMs,
    state: 'open' as const,
    decide_at: atMs,
    revision: 0,
    zone_revision: null,
  };
}

const NEW_RUN = Object.keys(emptyRun({ trapId: '', runId: '' }, 0)) as (keyof NewRun)[];
