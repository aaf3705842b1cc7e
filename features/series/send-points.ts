import { Counter } from 'prom-client';
import type { Catalog, Db } from '../../libs/database/index.js';
import { runKey } from '../../libs/domain/index.js';
import {
  type Backpressure,
  type Influx,
  type StepResult,
  type WriteResult,
  writeBatch,
} from '../../libs/timeseries/index.js';
import { putDeadLetter } from '../dead-letters/index.js';
import {
  ackPoints,
  enqueuePast,
  enqueuePoints,
  eventRunId,
  hasUnqueuedPast,
  isOfEvent,
  isOfTelemetry,
  lockSenders,
  oldestPoints,
  type WaitingPoint,
} from '../outbox/index.js';
import {
  forgetSending,
  forgetStale,
  noteSending,
  runsSentOtherwise,
  type SentPoint,
  sentName,
  stalePoints,
  supersede,
} from './points-sent.js';
import { nameOf, type PreparedPoint, preparePoints } from './prepare-points.js';

const MARKS_AT_ONCE = 500;
const DELETES_AT_ONCE = 100;
const KEPT_OF_A_LINE = 65_536;

/**
 * One step of telling InfluxDB: the oldest marks as one request; then, with room left, marks of the past and points
 * that must go. A kill anywhere leaves the marks, and what is sent twice is the same point.
 */
export async function sendPoints(catalog: Catalog, influx: Influx): Promise<StepResult> {
  const marks = await oldestPoints(catalog.reader, MARKS_AT_ONCE);
  const obstacle = marks.length ? await sendMarked(catalog, influx, marks) : undefined;
  if (obstacle) return { more: true, obstacle };
  if (marks.length === MARKS_AT_ONCE) return { more: true };
  if (await hasUnqueuedPast(catalog.reader)) {
    await enqueuePast(catalog.db);
    return { more: true };
  }
  return deleteStale(catalog, influx);
}

async function sendMarked(
  catalog: Catalog,
  influx: Influx,
  marks: readonly WaitingPoint[],
): Promise<Backpressure | undefined> {
  const prepared = await preparePoints(catalog.reader, marks);
  const points = prepared.filter(({ fault }) => fault === undefined);
  const faulty = prepared.flatMap((item) =>
    item.fault === undefined ? [] : [{ item, message: item.fault }],
  );
  // Noted before the request: should this process end behind it, the next one still knows what to take back.
  await catalog.db.transaction().execute(async (tx) => {
    await lockSenders(tx);
    await noteSending(tx, sentOf(points));
  });
  const answer = await writeBatch(points, (some) => influx.write(some.map(({ line }) => line)));
  const delivery = { ...answer, refused: [...answer.refused, ...faulty] };
  const tried = new Set([...delivery.written, ...delivery.refused.map(({ item }) => item)]);
  const untried = new Set(prepared.filter((point) => !tried.has(point)).map(({ mark }) => nameOf(mark)));
  const told = marks.filter((mark) => !untried.has(nameOf(mark)));
  await catalog.db.transaction().execute((tx) => noteTold(tx, told, delivery));
  metrics.written.inc(delivery.written.length);
  metrics.refused.inc(delivery.refused.length);
  return delivery.obstacle;
}

/** Marks off what InfluxDB has, and finds what it has too much. */
async function noteTold(
  tx: Db,
  told: readonly WaitingPoint[],
  { written, refused }: WriteResult<PreparedPoint>,
): Promise<void> {
  await lockSenders(tx);
  const taken = new Set((await ackPoints(tx, told)).map(nameOf));
  const runsOf = (marks: readonly WaitingPoint[]) =>
    marks.flatMap(({ kind, trap_id: trapId, item }) => {
      if (kind === 'event') return [{ trapId, runId: eventRunId(item) }];
      return kind === 'run' ? [{ trapId, runId: item }] : [];
    });
  const current = sentOf(written);
  await supersede(tx, runsOf(told.filter((mark) => taken.has(nameOf(mark)))), current);
  // Taken by another process, which may have known an older or a newer truth: then it is told once more.
  const elsewhere = runsOf(told.filter((mark) => !taken.has(nameOf(mark))));
  const doubtful = elsewhere.length ? await runsSentOtherwise(tx, elsewhere, current) : [];
  const inDoubt = new Set(doubtful.map(runKey));
  // Ours may have come behind the other's, and behind its deletion: it must be known to be taken back.
  await noteSending(
    tx,
    current.filter((point) => inDoubt.has(runKey(point))),
  );
  await enqueuePoints(tx, doubtful.map(sentName));
  await forgetSending(tx, sentOf(refused.map(({ item }) => item)));
  for (const { item, message } of refused) await setAside(tx, item, message);
}

const sentOf = (points: readonly PreparedPoint[]): SentPoint[] =>
  points.flatMap(({ sent }) => (sent ? [sent] : []));

async function setAside(tx: Db, { mark, measurement, line }: PreparedPoint, message: string): Promise<void> {
  const letter = {
    topic: `influxdb/${measurement}`,
    trapId: mark.trap_id,
    runId: mark.kind === 'run' ? mark.item : undefined,
    code: 'point-refused',
    message,
    bytes: Buffer.from(line),
    keepBytes: KEPT_OF_A_LINE,
  };
  await putDeadLetter(tx, letter, Date.now());
}

async function deleteStale(catalog: Catalog, influx: Influx): Promise<StepResult> {
  const stale = await stalePoints(catalog.reader, DELETES_AT_ONCE);
  for (const point of stale) {
    const measurement = isOfTelemetry(point) ? 'trap_status' : isOfEvent(point) ? 'trap_event' : 'insect_run';
    const outcome = await influx.deletePoint(measurement, JSON.parse(point.series), BigInt(point.at_ns));
    if (outcome.state === 'busy' || outcome.state === 'denied') return { more: true, obstacle: outcome };
    // Refusing to delete is nothing that a dead letter could heal: the count would stay wrong.
    if (outcome.state !== 'done')
      return { more: true, obstacle: { state: 'denied', message: outcome.message } };
    await forgetStale(catalog.db, point);
    metrics.deleted.inc();
  }
  return { more: stale.length === DELETES_AT_ONCE };
}

/** What has gone to InfluxDB since the start. What waits for it is read where `/metrics` is answered. */
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
