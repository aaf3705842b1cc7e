import type { Db } from '../../libs/database/index.js';
import { lineOf, type Point, seriesTags } from '../../libs/timeseries/index.js';
import { activityNamed } from '../activity/index.js';
import { eventsNamed } from '../observations/index.js';
import { activityPoint, eventPoint, eventRunId, type WaitingPoint } from '../outbox/index.js';
import { hourOf } from './pipeline-point.js';
import type { SentPoint } from './points-sent.js';
import { pointsOfRuns } from './run-points.js';
import { telemetryAt } from './series.repository.js';
import { eventOf, readingOf } from './trap-points.js';

/** A mark, and a point that comes of it. */
export interface PreparedPoint {
  readonly mark: WaitingPoint;
  readonly measurement: string;
  readonly line: string;
  /** Why it cannot even be written as a line. */
  readonly fault?: string;
  /** Of runs and events: their points may have to be taken back one day. */
  readonly sent?: SentPoint;
}

/** Makes the points that these marks ask for of what the catalog says now. A mark may come to none, or to several. */
export async function preparePoints(db: Db, marks: readonly WaitingPoint[]): Promise<PreparedPoint[]> {
  const markOf = new Map(marks.map((mark) => [nameOf(mark), mark]));
  const ofKind = (kind: WaitingPoint['kind']) => marks.filter((mark) => mark.kind === kind);
  const prepared: PreparedPoint[] = [];
  const add = (name: string, point: Point, sent?: SentPoint) => {
    const mark = markOf.get(name);
    if (!mark) return;
    const { measurement } = point;
    try {
      const line = lineOf(point);
      if (line !== undefined) prepared.push({ mark, measurement, line, sent });
    } catch (error) {
      prepared.push({ mark, measurement, line: '', fault: String(error) });
    }
  };

  const runs = ofKind('run').map((mark) => ({ trapId: mark.trap_id, runId: mark.item }));
  for (const { run, point } of await pointsOfRuns(db, runs)) {
    const series = JSON.stringify(seriesTags(point));
    add(nameOf({ kind: 'run', trap_id: run.trapId, item: run.runId }), point, {
      ...run,
      series,
      atNs: String(point.timeNs),
    });
  }
  const readings = ofKind('reading').map((mark) => ({ trapId: mark.trap_id, atMs: Number(mark.item) }));
  for (const row of await telemetryAt(db, readings))
    add(nameOf({ kind: 'reading', trap_id: row.trap_id, item: String(row.at_ms) }), readingOf(row));
  for (const row of await eventsNamed(db, ofKind('event'))) {
    const name = eventPoint(row);
    const point = eventOf(row);
    add(nameOf(name), point, {
      trapId: row.trap_id,
      runId: eventRunId(name.item),
      series: JSON.stringify(seriesTags(point)),
      atNs: String(point.timeNs),
    });
  }
  for (const row of await activityNamed(db, ofKind('activity')))
    if (row.state === 'judged') add(nameOf(activityPoint(row)), hourOf(row));
  return prepared;
}

export const nameOf = ({ kind, trap_id, item }: Pick<WaitingPoint, 'kind' | 'trap_id' | 'item'>): string =>
  `${kind} ${trap_id} ${item}`;
