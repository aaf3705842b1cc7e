import { type Selectable, sql } from 'kysely';
import { type Db, inChunks, nextSeq, number, type PointsTable } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';

/** Something that InfluxDB must be told of. */
export type WaitingPoint = Selectable<PointsTable>;
export type PointName = Omit<WaitingPoint, 'seq'>;

const ROWS_AT_ONCE = 1000;

export const runPoint = ({ trapId, runId }: RunId): PointName => ({
  kind: 'run',
  trap_id: trapId,
  item: runId,
});
export const telemetryPoint = (trapId: string, atMs: number): PointName => ({
  kind: 'reading',
  trap_id: trapId,
  item: String(atMs),
});

/**
 * Makes the senders' transactions follow each other: PostgreSQL locks the rows of one statement in any order, and two that
 * touch many of the same rows could wait for each other. Held for milliseconds, never while InfluxDB is asked.
 */
export async function lockSenders(tx: Db): Promise<void> {
  await tx
    .insertInto('point_state')
    .values({ name: 'sending', value: '' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: '' }))
    .execute();
}

/** Marks what has changed, with the transaction that changes it. What waits already waits on, with a new number. */
export async function enqueuePoints(tx: Db, names: readonly PointName[]): Promise<void> {
  // Each once, and in one order for all processes, or two transactions could wait for each other.
  const distinct = new Map(names.map((name) => [`${name.kind} ${name.trap_id} ${name.item}`, name]));
  const sorted = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
  for (const rows of inChunks(sorted, ROWS_AT_ONCE)) {
    await tx
      .insertInto('points')
      .values(rows.map((row) => ({ ...row, seq: nextSeq() })))
      .onConflict((conflict) =>
        conflict.columns(['kind', 'trap_id', 'item']).doUpdateSet({
          // Never the number that it had: whoever is sending what it was must not take the mark of what it is away.
          seq: sql`case when excluded.seq > points.seq then excluded.seq else points.seq + 1 end`,
        }),
      )
      .execute();
  }
}

export function oldestPoints(db: Db, limit: number): Promise<WaitingPoint[]> {
  return db.selectFrom('points').selectAll().orderBy('seq').limit(limit).execute();
}

/**
 * Takes the marks of what InfluxDB has been told away.
 *
 * @returns those that were there: one that was marked again meanwhile stays, and one that another process took is gone
 */
export async function ackPoints(tx: Db, told: readonly WaitingPoint[]): Promise<PointName[]> {
  const taken: PointName[] = [];
  for (const rows of inChunks(told, ROWS_AT_ONCE)) {
    taken.push(
      ...(await tx
        .deleteFrom('points')
        .where(
          sql<boolean>`(kind, trap_id, item, seq) in (values ${sql.join(
            rows.map((row) => sql`(${row.kind}, ${row.trap_id}, ${row.item}, ${sql.lit(Number(row.seq))})`),
          )})`,
        )
        .returning(['kind', 'trap_id', 'item'])
        .execute()),
    );
  }
  return taken;
}

/** How much waits, and since when. */
export interface Queue {
  readonly depth: number;
  /** Milliseconds since 1970; undefined where nothing waits. */
  readonly oldestMs: number | undefined;
}

/** Points that wait for InfluxDB. */
export const waitingPoints = (db: Db): Promise<Queue> => queueOf(db, 'points');
/** Messages that wait for their traps. */
export const waitingMessages = (db: Db): Promise<Queue> => queueOf(db, 'outbox');

async function queueOf(db: Db, table: 'points' | 'outbox'): Promise<Queue> {
  const row = await db
    .selectFrom(table)
    .select([sql<number>`count(*)`.as('depth'), sql<number | null>`min(seq)`.as('oldest')])
    .executeTakeFirst();
  const oldest = row?.oldest ?? null;
  return { depth: number(row?.depth), oldestMs: oldest === null ? undefined : number(oldest) / 1000 };
}

export const eventPoint = (event: {
  readonly trap_id: string;
  readonly kind: string;
  readonly item: string;
}): PointName => ({
  kind: 'event',
  trap_id: event.trap_id,
  item: `${event.kind}/${event.item}`,
});

/** The mark by which the time series follow an hour. */
export const activityPoint = (row: {
  readonly trap_id: string;
  readonly taxon_group: string;
  readonly hour: number;
}): PointName => ({
  kind: 'activity',
  trap_id: row.trap_id,
  item: `${row.hour}/${row.taxon_group}`,
});
