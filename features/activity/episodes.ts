import type { Insertable } from 'kysely';
import type { Db, EpisodesTable } from '../../libs/database/index.js';
import { type Alarm, type Episode, episodesOf, HOUR_MS, isOver, isSame } from '../../libs/domain/index.js';
import { buildAlert, topicOf } from '../../libs/protocol/index.js';
import { recordEvent } from '../observations/index.js';
import { enqueuePoints, eventPoint, noteChange, putInOutbox } from '../outbox/index.js';
import { groupNames } from '../taxa/index.js';
import { type ActivityHour, type EpisodeRow, putEpisode } from './activity.repository.js';
import { episodeSentence } from './episode-sentence.js';
import type { GroupOfTrap } from './follow-hours.js';

export interface EpisodeChange {
  readonly row: Insertable<EpisodesTable>;
  readonly change: 'opened' | 'updated' | 'closed' | 'withdrawn';
}

const NO_LONGER = 'counts or effort were corrected, and no hour of it is unusual any more';

/**
 * What has become of the episodes of a group: opened, grown, over, or withdrawn where no alarm is left of one that was
 * announced.
 *
 * @param hours all that are known of the group since `known` begins
 * @param known episodes as they were said last
 */
export function changedEpisodes(
  { trapId, group }: GroupOfTrap,
  hours: readonly ActivityHour[],
  known: readonly EpisodeRow[],
  hourNow: number,
  nowMs: number,
): EpisodeChange[] {
  const startOf = new Map(hours.map((row) => [row.hour, row.start_ms]));
  const episodes = episodesOf(hours.filter((row) => row.alarm === 1).map(asAlarm));
  const left = new Set(known.filter((row) => row.state !== 'withdrawn'));
  const changes: EpisodeChange[] = [];
  for (const episode of episodes) {
    const before = [...left].find((row) => isSame(asEpisode(row), episode));
    if (before) left.delete(before);
    const row = {
      id: before?.id ?? `${trapId}.${group}.${episode.firstHour}`,
      trap_id: trapId,
      taxon_group: group,
      first_hour: episode.firstHour,
      last_hour: episode.lastHour,
      start_ms: startOf.get(episode.firstHour) ?? 0,
      end_ms: (startOf.get(episode.lastHour) ?? 0) + HOUR_MS,
      state: isOver(episode, hourNow) ? ('closed' as const) : ('open' as const),
      reason: null,
      evidence: JSON.stringify(episode.evidence),
      opened_at: before?.opened_at ?? nowMs,
      changed_at: nowMs,
    };
    const change = changeOf(before, row);
    if (change) changes.push({ row, change });
  }
  for (const row of left) {
    const gone = { ...row, state: 'withdrawn' as const, reason: NO_LONGER, changed_at: nowMs };
    changes.push({ row: gone, change: 'withdrawn' });
  }
  return changes;
}

function changeOf(
  before: EpisodeRow | undefined,
  now: Insertable<EpisodesTable>,
): Exclude<EpisodeChange['change'], 'withdrawn'> | undefined {
  if (!before) return 'opened';
  if (before.state === 'open' && now.state === 'closed') return 'closed';
  const isSameTime = Number(before.start_ms) === now.start_ms && Number(before.end_ms) === now.end_ms;
  return before.evidence === now.evidence && before.state === now.state && isSameTime ? undefined : 'updated';
}

const asAlarm = (row: ActivityHour): Alarm => ({
  hour: row.hour,
  count: row.visits,
  expected: row.expected as number,
  upper: row.upper as number,
  score: row.score as number,
  pHigh: row.p_high as number,
});

const asEpisode = (row: EpisodeRow): Pick<Episode, 'firstHour' | 'lastHour'> => ({
  firstHour: row.first_hour,
  lastHour: row.last_hour,
});

/** Alarms that one message names; an episode of weeks would not fit into it. */
const EVIDENCE_SHOWN = 100;

/** Keeps an episode, tells it over MQTT, and notes it for the charts when it opens. */
export async function announce(tx: Db, { row, change }: EpisodeChange, marksPoints: boolean): Promise<void> {
  await putEpisode(tx, row);
  await noteChange(tx, { kind: 'episode', trap_id: row.trap_id, item: row.id, state: row.state });
  const evidence = JSON.parse(row.evidence) as Alarm[];
  const worst = evidence.reduce((a, b) => (b.score > a.score ? b : a));
  const iso = (atMs: number) => new Date(atMs).toISOString();
  const namesOfGroup = groupNames(row.taxon_group);
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
        groupNames: namesOfGroup && { ...namesOfGroup },
        text: episodeSentence(row.taxon_group, evidence),
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
    text: Object.values(episodeSentence(row.taxon_group, evidence)).reverse().join(' / '),
  };
  if ((await recordEvent(tx, event)) && marksPoints) await enqueuePoints(tx, [eventPoint(event)]);
}
