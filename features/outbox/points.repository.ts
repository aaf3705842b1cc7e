import { type RawBuilder, type Selectable, sql } from 'kysely';
import {
  cachedQuery,
  type Db,
  inChunks,
  nextSeq,
  number,
  type PointsTable,
} from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';

/** What points in InfluxDB are about: a run, a telemetry reading, an event of a trap, or an hour of activity. */
export interface PointName {
  readonly kind: PointsTable['kind'];
  readonly trapId: string;
  /** The run's id; the time of the reading, in milliseconds; `kind/item` of the event; `hour/group`. */
  readonly item: string;
}

/** Something of which InfluxDB has to get the current points. */
export interface WaitingPoint extends PointName {
  /** Grows with every change; see `enqueuePoints`. */
  readonly seq: number;
}

/** What identifies one point to InfluxDB, within its measurement. */
export interface SentPoint {
  readonly tags: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970, as text: more digits than a number holds. */
  readonly atNs: string;
}

/** A point that InfluxDB must delete. */
export interface StalePoint extends WaitingPoint {
  readonly point: SentPoint;
}

/** What InfluxDB was sent for a queue entry. */
export interface SendResult {
  readonly entry: WaitingPoint;
  readonly written: readonly SentPoint[];
  /** Rejected for good: InfluxDB never had them. */
  readonly rejected: readonly SentPoint[];
}

type Row = Selectable<PointsTable>;
type Key = Pick<Row, 'kind' | 'trap_id' | 'item'>;

const ROWS_AT_ONCE = 500;

export const runPoint = ({ trapId, runId }: RunId): PointName => ({ kind: 'run', trapId, item: runId });

/** Where no reading has this time any more, its point is deleted. */
export const telemetryPoint = (trapId: string, atMs: number): PointName => ({
  kind: 'reading',
  trapId,
  item: String(atMs),
});

export const eventPoint = (event: {
  readonly trap_id: string;
  readonly kind: string;
  readonly item: string;
}): PointName => ({ kind: 'event', trapId: event.trap_id, item: `${event.kind}/${event.item}` });

export const activityPoint = (hour: {
  readonly trapId: string;
  readonly group: string;
  readonly hour: number;
}): PointName => ({ kind: 'activity', trapId: hour.trapId, item: `${hour.hour}/${hour.group}` });

/** One text for one name. */
export const pointKey = ({ kind, trapId, item }: PointName): string => `${kind} ${trapId} ${item}`;

/**
 * Queues what has changed, in the transaction that changes it. InfluxDB then gets the points that the catalog has at the
 * time of sending, and loses those that are no longer true. An entry that waits already waits on, with a new number.
 */
export async function enqueuePoints(tx: Db, names: readonly PointName[]): Promise<void> {
  // Each once, and in one order in all processes, or two transactions could wait for each other.
  const distinct = new Map(names.map((name) => [pointKey(name), name]));
  const sorted = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
  for (const some of inChunks(sorted, ROWS_AT_ONCE)) {
    await tx
      .insertInto('points')
      .values(some.map((name) => ({ ...keyOf(name), seq: nextSeq(), waiting: 1 as const })))
      .onConflict((conflict) =>
        conflict.columns(['kind', 'trap_id', 'item']).doUpdateSet({
          // Never the number that it had: a sender that is under way must not acknowledge what has changed since.
          seq: sql`case when excluded.seq > points.seq then excluded.seq else points.seq + 1 end`,
          waiting: 1,
        }),
      )
      .execute();
  }
}

export async function oldestPoints(db: Db, limit: number): Promise<WaitingPoint[]> {
  const rows = await db
    .selectFrom('points')
    .select(['kind', 'trap_id', 'item', 'seq'])
    .where('waiting', '=', sql.lit(1))
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(toWaiting);
}

/** Before points are sent: from now on InfluxDB may have them, even if this process ends behind the request. */
export function noteSending(
  tx: Db,
  points: readonly { readonly name: PointName; readonly point: SentPoint }[],
): Promise<void> {
  const pointsOf = new Map<string, SentPoint[]>();
  for (const { name, point } of points)
    pointsOf.set(pointKey(name), [...(pointsOf.get(pointKey(name)) ?? []), point]);
  const names = new Map(points.map(({ name }) => [pointKey(name), name]));
  return change(tx, [...names.values()], (name, entry) => {
    const mine = pointsOf.get(pointKey(name)) ?? [];
    const isNoted = mine.every((point) => entry && has(entry.sent, point) && !has(entry.stale, point));
    if (!entry || isNoted) return entry;
    return { ...entry, sent: union(entry.sent, mine), stale: without(entry.stale, mine) };
  });
}

/**
 * After points were sent: takes the entries off the queue, and finds the points that must be deleted. An entry that has
 * changed meanwhile is sent again.
 */
export function ackPoints(tx: Db, results: readonly SendResult[]): Promise<void> {
  const resultOf = new Map(results.map((result) => [pointKey(result.entry), result]));
  return change(
    tx,
    results.map(({ entry }) => entry),
    (name, entry) => {
      const result = resultOf.get(pointKey(name));
      if (!entry || !result) return entry;
      const { written, rejected } = result;
      if (entry.seq === result.entry.seq) {
        // Another process may have sent the same: what it wrote was no older.
        if (!entry.waiting) return entry;
        const stale = without(union(entry.stale, entry.sent), [...written, ...rejected]);
        // The name of a reading says which point it has, so nothing need be kept of it.
        return { ...entry, waiting: false, sent: name.kind === 'reading' ? [] : written, stale };
      }
      // Ours may have arrived behind newer ones of another process, and behind their deletion.
      return {
        seq: entry.waiting ? entry.seq : laterThan(entry.seq),
        waiting: true,
        sent: union(entry.sent, written),
        stale: without(entry.stale, written),
      };
    },
  );
}

/** Points to be deleted, of entries that do not wait to be sent. */
export async function stalePoints(db: Db, limit: number): Promise<StalePoint[]> {
  const rows = await db
    .selectFrom('points')
    .select(['kind', 'trap_id', 'item', 'seq', 'stale'])
    .where('stale', 'is not', null)
    .where('waiting', '=', 0)
    .orderBy('trap_id')
    .orderBy('item')
    .limit(limit)
    .execute();
  return rows.flatMap((row) => readPoints(row.stale).map((point) => ({ ...toWaiting(row), point })));
}

/** InfluxDB has deleted this point. If another process may have written it again meanwhile, it is sent once more. */
export function ackDelete(tx: Db, deleted: StalePoint): Promise<void> {
  return change(tx, [deleted], (_, entry) => {
    if (!entry) return entry;
    const { point } = deleted;
    if (entry.seq === deleted.seq && has(entry.stale, point))
      return { ...entry, stale: without(entry.stale, [point]) };
    return has(entry.sent, point) ? { ...entry, seq: laterThan(entry.seq), waiting: true } : entry;
  });
}

export async function countStalePoints(db: Db): Promise<number> {
  const rows = await db.selectFrom('points').select('stale').where('stale', 'is not', null).execute();
  return rows.reduce((sum, { stale }) => sum + readPoints(stale).length, 0);
}

/** How much waits, and since when. */
export interface Queue {
  readonly depth: number;
  /** Milliseconds since 1970; undefined where nothing waits. */
  readonly oldestMs: number | undefined;
}

/** Points that wait for InfluxDB. */
export const waitingPoints = (db: Db): Promise<Queue> => queueOf(db, 'points', sql`waiting = 1`);
/** Messages that wait for the broker. */
export const waitingMessages = (db: Db): Promise<Queue> => queueOf(db, 'outbox', sql`true`);

async function queueOf(db: Db, table: 'points' | 'outbox', where: RawBuilder<boolean>): Promise<Queue> {
  const row = await db
    .selectFrom(table)
    .select([sql<number>`count(*)`.as('depth'), sql<number | null>`min(seq)`.as('oldest')])
    .where(where)
    .executeTakeFirst();
  const oldest = row?.oldest ?? null;
  return { depth: number(row?.depth), oldestMs: oldest === null ? undefined : number(oldest) / 1000 };
}

/**
 * Makes the senders' transactions follow each other: PostgreSQL locks the rows of one statement in any order, and two
 * that touch many of the same rows could wait for each other. Held for milliseconds, never during a request.
 */
export async function lockSenders(tx: Db): Promise<void> {
  await tx
    .insertInto('point_state')
    .values({ name: 'sending', value: '' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: '' }))
    .execute();
}

/** An entry of the queue, as far as senders change it. */
interface Entry {
  readonly seq: number;
  readonly waiting: boolean;
  /** True ones that InfluxDB has or may have. Of readings, none is kept after they are written; of hours, none ever. */
  readonly sent: readonly SentPoint[];
  readonly stale: readonly SentPoint[];
}

/** Changes entries by a rule, which gets undefined for one that is not there. One with nothing left in it is removed. */
async function change(
  tx: Db,
  names: readonly PointName[],
  rule: (name: PointName, entry: Entry | undefined) => Entry | undefined,
): Promise<void> {
  if (!names.length) return;
  await lockSenders(tx);
  for (const some of inChunks(names, ROWS_AT_ONCE)) {
    const { rows } = await lockEntries(tx, some.map(keyOf));
    const found = new Map(rows.map((row) => [pointKey(toName(row)), toEntry(row)]));
    const changed: Row[] = [];
    const emptied: Key[] = [];
    for (const name of some) {
      const before = found.get(pointKey(name));
      const after = rule(name, before);
      if (!after || after === before) continue;
      if (after.waiting || after.sent.length || after.stale.length) changed.push(toRow(name, after));
      else emptied.push(keyOf(name));
    }
    if (changed.length) await putEntries(tx, changed);
    if (emptied.length) await removeEntries(tx, emptied);
  }
}

/** Locks the rows: a transaction that queues them again waits until they are changed. */
const lockEntries = cachedQuery((db, keys: readonly Key[]) =>
  db.updateTable('points').set({ waiting: sql`waiting` }).where(among(keys)).returningAll(),
);

const putEntries = cachedQuery((db, rows: readonly Row[]) =>
  db
    .insertInto('points')
    .values(
      rows.map(({ kind, trap_id, item, seq, waiting, sent, stale }) => ({
        kind,
        trap_id,
        item,
        seq,
        waiting,
        sent,
        stale,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['kind', 'trap_id', 'item']).doUpdateSet({
        seq: sql`excluded.seq`,
        waiting: sql`excluded.waiting`,
        sent: sql`excluded.sent`,
        stale: sql`excluded.stale`,
      }),
    ),
);

const removeEntries = cachedQuery((db, keys: readonly Key[]) => db.deleteFrom('points').where(among(keys)));

const among = (keys: readonly Key[]) =>
  sql<boolean>`(kind, trap_id, item) in (values ${sql.join(
    keys.map(({ kind, trap_id, item }) => sql`(${kind}, ${trap_id}, ${item})`),
  )})`;

const keyOf = ({ kind, trapId, item }: PointName) => ({ kind, trap_id: trapId, item });
const toName = (row: Key): PointName => ({
  kind: row.kind,
  trapId: row.trap_id,
  item: row.item,
});
const toWaiting = (row: Key & Pick<Row, 'seq'>): WaitingPoint => ({
  ...toName(row),
  seq: Number(row.seq),
});
const toRow = (name: PointName, { seq, waiting, sent, stale }: Entry): Row => ({
  ...keyOf(name),
  seq,
  waiting: waiting ? 1 : 0,
  sent: writePoints(sent),
  stale: writePoints(stale),
});
const toEntry = (row: Row): Entry => ({
  seq: Number(row.seq),
  waiting: row.waiting === 1,
  sent: readPoints(row.sent),
  stale: readPoints(row.stale),
});
const readPoints = (text: string | null): readonly SentPoint[] =>
  text === null ? [] : (JSON.parse(text) as SentPoint[]);
const writePoints = (points: readonly SentPoint[]): string | null =>
  points.length ? JSON.stringify(points) : null;

/** Tags are always in the same order: see `seriesTags`. */
const idOf = ({ tags, atNs }: SentPoint): string => `${atNs} ${JSON.stringify(tags)}`;
const has = (points: readonly SentPoint[], point: SentPoint): boolean =>
  points.some((each) => idOf(each) === idOf(point));
const without = (points: readonly SentPoint[], gone: readonly SentPoint[]): readonly SentPoint[] =>
  points.length && gone.length ? points.filter((point) => !has(gone, point)) : points;
const union = (points: readonly SentPoint[], more: readonly SentPoint[]): readonly SentPoint[] => [
  ...points,
  ...without(more, points),
];
const laterThan = (seq: number): number => Math.max(nextSeq(), seq + 1);
