import { Counter } from 'prom-client';
import type { Catalog, Db } from '../../libs/database/index.js';
import {
  type Backpressure,
  type Influx,
  type StepResult,
  type WriteResult,
  writeBatch,
} from '../../libs/timeseries/index.js';
import { putDeadLetter } from '../dead-letters/index.js';
import {
  ackDelete,
  ackPoints,
  enqueuePast,
  hasUnqueuedPast,
  noteSending,
  oldestPoints,
  pointKey,
  type SendResult,
  type SentPoint,
  stalePoints,
  type WaitingPoint,
} from '../outbox/index.js';
import { TaxonIndex } from '../taxa/index.js';
import { MEASUREMENTS, type PreparedPoint, preparePoints } from './prepare-points.js';

const NO_CARDS = new TaxonIndex([]);
const ENTRIES_AT_ONCE = 500;
const DELETES_AT_ONCE = 100;
const KEPT_OF_A_LINE = 65_536;

/**
 * One step of bringing InfluxDB up to date: the oldest entries of the queue as one request; then, with time left, more
 * of the past into the queue, and points that must be deleted. A kill anywhere leaves the entries, and what is sent
 * twice is the same point.
 *
 * @param taxa what people call the labels
 */
export async function sendPoints(
  catalog: Catalog,
  influx: Influx,
  taxa: TaxonIndex = NO_CARDS,
): Promise<StepResult> {
  const entries = await oldestPoints(catalog.reader, ENTRIES_AT_ONCE);
  const obstacle = entries.length ? await sendEntries(catalog, influx, entries, taxa) : undefined;
  if (obstacle) return { more: true, obstacle };
  if (entries.length === ENTRIES_AT_ONCE) return { more: true };
  if (await hasUnqueuedPast(catalog.reader)) {
    await enqueuePast(catalog.db);
    return { more: true };
  }
  return deleteStale(catalog, influx);
}

async function sendEntries(
  { db, reader }: Catalog,
  influx: Influx,
  entries: readonly WaitingPoint[],
  taxa: TaxonIndex,
): Promise<Backpressure | undefined> {
  const prepared = await preparePoints(reader, entries, taxa);
  // Before the request: should this process end behind it, the next one still knows what to delete.
  const sending = prepared.flatMap(({ entry, sent }) => (sent ? [{ name: entry, point: sent }] : []));
  await db.transaction().execute((tx) => noteSending(tx, sending));
  const lines = prepared.filter(({ line, fault }) => line !== undefined && fault === undefined);
  const answer = await writeBatch(lines, (some) => influx.write(some.map(({ line }) => line as string)));
  const faulty = prepared.flatMap((item) =>
    item.fault === undefined ? [] : [{ item, message: item.fault }],
  );
  const refused = [...answer.refused, ...faulty];
  await db.transaction().execute(async (tx) => {
    await ackPoints(tx, resultsOf(entries, lines, answer));
    for (const { item, message } of refused) await rejectPoint(tx, item, message);
  });
  metrics.written.inc(answer.written.length);
  metrics.refused.inc(refused.length);
  return answer.obstacle;
}

/** What was sent of each entry; those of which something was not tried are left out, and wait on. */
function resultsOf(
  entries: readonly WaitingPoint[],
  lines: readonly PreparedPoint[],
  { written, refused }: WriteResult<PreparedPoint>,
): SendResult[] {
  const rejected = refused.map(({ item }) => item);
  const tried = new Set([...written, ...rejected]);
  const untried = new Set(lines.filter((line) => !tried.has(line)).map(({ entry }) => pointKey(entry)));
  const [writtenOf, rejectedOf] = [sentByEntry(written), sentByEntry(rejected)];
  return entries
    .filter((entry) => !untried.has(pointKey(entry)))
    .map((entry) => ({
      entry,
      written: writtenOf.get(pointKey(entry)) ?? [],
      rejected: rejectedOf.get(pointKey(entry)) ?? [],
    }));
}

function sentByEntry(points: readonly PreparedPoint[]): ReadonlyMap<string, readonly SentPoint[]> {
  const byEntry = new Map<string, SentPoint[]>();
  for (const { entry, sent } of points)
    if (sent) byEntry.set(pointKey(entry), [...(byEntry.get(pointKey(entry)) ?? []), sent]);
  return byEntry;
}

async function rejectPoint(tx: Db, { entry, line = '' }: PreparedPoint, message: string): Promise<void> {
  const letter = {
    topic: `influxdb/${MEASUREMENTS[entry.kind]}`,
    trapId: entry.trapId,
    runId: entry.kind === 'run' ? entry.item : undefined,
    code: 'point-refused',
    message,
    bytes: Buffer.from(line),
    keepBytes: KEPT_OF_A_LINE,
  };
  await putDeadLetter(tx, letter, Date.now());
}

async function deleteStale({ db, reader }: Catalog, influx: Influx): Promise<StepResult> {
  const stale = await stalePoints(reader, DELETES_AT_ONCE);
  for (const each of stale) {
    const { tags, atNs } = each.point;
    const outcome = await influx.deletePoint(MEASUREMENTS[each.kind], tags, BigInt(atNs));
    if (outcome.state === 'busy' || outcome.state === 'denied') return { more: true, obstacle: outcome };
    // A dead letter could not mend what InfluxDB refuses to delete: the count would stay wrong.
    if (outcome.state !== 'done')
      return { more: true, obstacle: { state: 'denied', message: outcome.message } };
    await db.transaction().execute((tx) => ackDelete(tx, each));
    metrics.deleted.inc();
  }
  return { more: stale.length >= DELETES_AT_ONCE };
}

/** What was sent to InfluxDB since the start. What waits for it is read when `/metrics` is answered. */
const metrics = {
  written: new Counter({ name: 'trapline_points_written_total', help: 'Points that InfluxDB has taken' }),
  refused: new Counter({
    name: 'trapline_points_refused_total',
    help: 'Points that InfluxDB refused for good: they are dead letters',
  }),
  deleted: new Counter({
    name: 'trapline_points_deleted_total',
    help: 'Points taken back because their run has another one by now',
  }),
};
