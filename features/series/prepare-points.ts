import type { Db } from '../../libs/database/index.js';
import {
  lineOf,
  type MeasurementName,
  type Point,
  seriesTags,
  wholeMs,
} from '../../libs/timeseries/index.js';
import { activityNamed } from '../activity/index.js';
import { eventsNamed } from '../observations/index.js';
import {
  activityPoint,
  eventPoint,
  type PointName,
  pointKey,
  runPoint,
  type SentPoint,
  telemetryPoint,
  type WaitingPoint,
} from '../outbox/index.js';
import type { TaxonIndex } from '../taxa/index.js';
import { hourOf } from './pipeline-point.js';
import { pointsOfRuns } from './run-points.js';
import { telemetryAt } from './series.repository.js';
import { eventOf, readingOf } from './trap-points.js';

/** The measurement that has the points of each kind of entry. */
export const MEASUREMENTS: Readonly<Record<PointName['kind'], MeasurementName>> = {
  run: 'insect_run',
  reading: 'trap_status',
  event: 'trap_event',
  activity: 'insect_activity',
};

/** An entry of the queue, and a point that comes of it. */
export interface PreparedPoint {
  readonly entry: WaitingPoint;
  /** Undefined: InfluxDB may have this point, which is true no longer. */
  readonly line?: string;
  /** Why it cannot be written as a line. */
  readonly fault?: string;
  /** For points that may have to be deleted one day. */
  readonly sent?: SentPoint;
}

/** Makes the points of these entries as the catalog has them now. An entry may come to none, or to several. */
export async function preparePoints(
  db: Db,
  entries: readonly WaitingPoint[],
  taxa: TaxonIndex,
): Promise<PreparedPoint[]> {
  const entryOf = new Map(entries.map((entry) => [pointKey(entry), entry]));
  const ofKind = (kind: PointName['kind']) => entries.filter((entry) => entry.kind === kind);
  const prepared: PreparedPoint[] = [];
  const add = (name: PointName, point: Point, mayBeDeleted: boolean) => {
    const entry = entryOf.get(pointKey(name));
    if (!entry) return;
    const sent = mayBeDeleted ? { tags: seriesTags(point), atNs: String(point.timeNs) } : undefined;
    try {
      const line = lineOf(point);
      if (line !== undefined) prepared.push({ entry, line, sent });
    } catch (error) {
      prepared.push({ entry, line: '', fault: String(error) });
    }
  };

  const runs = ofKind('run').map(({ trapId, item }) => ({ trapId, runId: item }));
  for (const { run, point } of await pointsOfRuns(db, runs, taxa)) add(runPoint(run), point, true);

  const readings = ofKind('reading');
  const times = readings.map((entry) => ({ trapId: entry.trapId, atMs: Number(entry.item) }));
  const found = new Set<string>();
  for (const row of await telemetryAt(db, times)) {
    const name = telemetryPoint(row.trap_id, row.at_ms);
    found.add(pointKey(name));
    add(name, readingOf(row), true);
  }
  for (const entry of readings) {
    const { trapId: trap, item } = entry;
    if (!found.has(pointKey(entry)))
      prepared.push({ entry, sent: { tags: { trap }, atNs: String(wholeMs(Number(item))) } });
  }

  for (const row of await eventsNamed(db, ofKind('event'))) add(eventPoint(row), eventOf(row, taxa), true);
  for (const row of await activityNamed(db, ofKind('activity')))
    if (row.state === 'judged') add(activityPoint(row), hourOf(row), false);
  return prepared;
}
