import {
  type Db,
  eventPoint,
  markPoints,
  noteEvent,
  putEpisode,
  putInOutbox,
} from '../../libs/catalog/index.js';
import type { Alarm } from '../../libs/domain/index.js';
import { buildAlert, topicOf } from '../../libs/protocol/index.js';
import type { EpisodeChange } from './follow-episodes.js';

/** Alarms that one message names; an episode of weeks would not fit into it. */
const EVIDENCE_SHOWN = 100;

/** Keeps an episode, tells it over MQTT, and notes it for the charts when it opens. */
export async function announce(tx: Db, { row, change }: EpisodeChange, marksPoints: boolean): Promise<void> {
  await putEpisode(tx, row);
  const evidence = JSON.parse(row.evidence) as Alarm[];
  const worst = evidence.reduce((a, b) => (b.score > a.score ? b : a));
  const iso = (atMs: number) => new Date(atMs).toISOString();
  await putInOutbox(tx, [
    {
      kind: 'alert',
      key: row.id,
      topic: topicOf.alert('activity'),
      retain: 0,
      payload: buildAlert({
        id: row.id,
        state: change,
        trap: row.trap_id,
        group: row.taxon_group,
        start: iso(row.start_ms),
        end: iso(row.end_ms),
        count: evidence.reduce((sum, { count }) => sum + count, 0),
        expected: evidence.reduce((sum, { expected }) => sum + expected, 0),
        upper: worst.upper,
        score: worst.score,
        pValue: worst.pHigh,
        reason: row.reason ?? undefined,
        evidence: evidence.slice(0, EVIDENCE_SHOWN),
        at: iso(row.changed_at),
      }),
    },
  ]);
  if (change !== 'opened') return;
  const event = {
    trap_id: row.trap_id,
    kind: 'episode' as const,
    item: row.id,
    at_ms: row.start_ms,
    text: `unusually many: ${row.taxon_group === 'all' ? 'insects' : row.taxon_group}, ${worst.count} in an hour where ${worst.expected.toFixed(1)} were to be expected`,
  };
  if ((await noteEvent(tx, event)) && marksPoints) await markPoints(tx, [eventPoint(event)]);
}
