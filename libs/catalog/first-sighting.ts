import { markPoints } from './points.js';
import type { RunRow } from './runs.js';
import type { Db } from './schema.js';
import { eventPoint, isFirstSighting, noteEvent } from './trap-events.js';

/** An insect that is settled on for the first time at its trap is worth a note, once. */
export async function noteFirstSighting(
  tx: Db,
  { trap_id, run_id, at_ms, label, insect, unsure }: RunRow,
): Promise<void> {
  if (label === null || !insect || unsure) return;
  if (!(await isFirstSighting(tx, { trapId: trap_id, runId: run_id }, label))) return;
  const event = {
    trap_id,
    kind: 'first-sighting' as const,
    item: label,
    at_ms,
    text: `first sighting of ${label}`,
  };
  if (await noteEvent(tx, event)) await markPoints(tx, [eventPoint(event)]);
}
