import type { Insertable } from 'kysely';
import {
  type Db,
  eventPoint,
  isFirstSighting,
  markPoints,
  noteEvent,
  type ObservationsTable,
  type RunRow,
  runPoint,
} from '../../libs/catalog/index.js';

type NewRow = Insertable<ObservationsTable>;

/** The time series must follow: the point of this run is another one now, or none. */
export const markRun = (tx: Db, row: RunRow): Promise<void> =>
  markPoints(tx, [runPoint({ trapId: row.trap_id, runId: row.run_id })]);

/** A final observation of an insect that this trap has not seen before is worth a note, once. */
export async function noteFirstSighting(
  tx: Db,
  row: RunRow,
  { label, insect, unsure, final }: NewRow,
): Promise<void> {
  if (!insect || unsure || !final) return;
  const run = { trapId: row.trap_id, runId: row.run_id };
  if (!(await isFirstSighting(tx, run, label))) return;
  const event = {
    trap_id: run.trapId,
    kind: 'first-sighting' as const,
    item: label,
    at_ms: row.at_ms,
    text: `first sighting of ${label}`,
  };
  if (await noteEvent(tx, event)) await markPoints(tx, [eventPoint(event)]);
}
