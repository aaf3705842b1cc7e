import { type Selectable, sql } from 'kysely';
import {
  type Db,
  inChunks,
  nextSeq,
  number,
  type PointsSentTable,
  runIdOf,
  runIn,
} from '../../libs/database/index.js';
import { type RunId, runKey } from '../../libs/domain/index.js';
import {
  enqueuePoints,
  isOfEvent,
  isOfTelemetry,
  lockSenders,
  type PointName,
  runPoint,
  telemetryAtMs,
  telemetryPoint,
} from '../outbox/index.js';

/** What names a point of a run to InfluxDB. */
export interface SentPoint extends RunId {
  /** The point's tags, as JSON. */
  readonly series: string;
  readonly atNs: string;
}
type StalePoint = Selectable<PointsSentTable>;

const ROWS_AT_ONCE = 500;

/** Before points are sent: from now on InfluxDB may have them. */
export async function noteSending(tx: Db, points: readonly SentPoint[]): Promise<void> {
  const seq = nextSeq();
  for (const rows of inChunks(points, ROWS_AT_ONCE)) {
    await tx
      .insertInto('points_sent')
      .values(
        rows.map(({ trapId, runId, series, atNs }) => ({
          trap_id: trapId,
          run_id: runId,
          series,
          at_ns: atNs,
          seq,
          stale: 0 as const,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['trap_id', 'run_id', 'series', 'at_ns']).doUpdateSet({ seq, stale: 0 }),
      )
      .execute();
  }
}

/** After these runs' points are written: all others that they ever had must go. */
export async function supersede(
  tx: Db,
  runs: readonly RunId[],
  current: readonly SentPoint[],
): Promise<void> {
  const pointsOf = new Map<string, SentPoint[]>();
  for (const point of current) pointsOf.set(runKey(point), [...(pointsOf.get(runKey(point)) ?? []), point]);
  for (const some of inChunks(runs, ROWS_AT_ONCE)) {
    const theirs = some.flatMap((run) => pointsOf.get(runKey(run)) ?? []);
    await tx
      .updateTable('points_sent')
      .set({ stale: 1 })
      .where(runIn(some))
      .where('stale', '=', 0)
      .$if(theirs.length > 0, (query) => query.where(sql<boolean>`not ${among(theirs)}`))
      .execute();
  }
}

/** InfluxDB has never taken these. */
export async function forgetSending(tx: Db, points: readonly SentPoint[]): Promise<void> {
  for (const rows of inChunks(points, ROWS_AT_ONCE))
    await tx.deleteFrom('points_sent').where(among(rows)).execute();
}

const among = (points: readonly SentPoint[]) =>
  sql<boolean>`(trap_id, run_id, series, at_ns) in (values ${sql.join(
    points.map(({ trapId, runId, series, atNs }) => sql`(${trapId}, ${runId}, ${series}, ${atNs})`),
  )})`;

/** Which of these runs have points that are not among `current`, or not all of `current`. */
export async function runsSentOtherwise(
  db: Db,
  runs: readonly RunId[],
  current: readonly SentPoint[],
): Promise<RunId[]> {
  const nameOf = (run: RunId, series: string, atNs: string) => `${runKey(run)} ${atNs} ${series}`;
  const expected = new Map(runs.map((run) => [runKey(run), new Set<string>()]));
  for (const point of current) expected.get(runKey(point))?.add(nameOf(point, point.series, point.atNs));
  const found = new Map(runs.map((run) => [runKey(run), new Set<string>()]));
  for (const some of inChunks(runs, ROWS_AT_ONCE)) {
    const rows = await db
      .selectFrom('points_sent')
      .selectAll()
      .where(runIn(some))
      .where('stale', '=', 0)
      .execute();
    for (const row of rows) {
      const run = runIdOf(row);
      found.get(runKey(run))?.add(nameOf(run, row.series, row.at_ns));
    }
  }
  return runs.filter((run) => {
    const [mine, theirs] = [expected.get(runKey(run)), found.get(runKey(run))];
    return mine?.size !== theirs?.size || [...(mine ?? [])].some((name) => !theirs?.has(name));
  });
}

export function stalePoints(db: Db, limit: number): Promise<StalePoint[]> {
  return db
    .selectFrom('points_sent')
    .selectAll()
    .where('stale', '=', sql.lit(1))
    .orderBy('trap_id')
    .orderBy('run_id')
    .limit(limit)
    .execute();
}

/**
 * InfluxDB has deleted this point. Where another process has written the very same one again meanwhile, nobody knows
 * which came last: what it was of is marked, and written once more.
 */
export async function forgetStale(db: Db, point: StalePoint): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockSenders(tx);
    const { numDeletedRows } = await tx
      .deleteFrom('points_sent')
      .where('trap_id', '=', point.trap_id)
      .where('run_id', '=', point.run_id)
      .where('series', '=', point.series)
      .where('at_ns', '=', point.at_ns)
      .where('seq', '=', point.seq)
      .where('stale', '=', 1)
      .executeTakeFirst();
    if (number(numDeletedRows) === 0) await enqueuePoints(tx, [nameOf(point)]);
  });
}

export async function countStalePoints(db: Db): Promise<number> {
  const row = await db
    .selectFrom('points_sent')
    .select(sql<number>`count(*)`.as('points'))
    .where('stale', '=', sql.lit(1))
    .executeTakeFirst();
  return number(row?.points);
}

const nameOf = (point: StalePoint): PointName =>
  isOfTelemetry(point) ? telemetryPoint(point.trap_id, telemetryAtMs(point)) : sentName(runIdOf(point));

/** What the points that are noted under this run are of: the run, or an event. */
export const sentName = (run: RunId): PointName =>
  isOfEvent({ run_id: run.runId })
    ? { kind: 'event', trap_id: run.trapId, item: run.runId.slice(1) }
    : runPoint(run);
