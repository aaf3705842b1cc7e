import type { Insertable } from 'kysely';
import type { ActivityHour, EpisodeRow, EpisodesTable } from '../../libs/catalog/index.js';
import { type Alarm, type Episode, episodesOf, isOver, isSame } from '../../libs/domain/index.js';
import type { GroupOfTrap } from './follow-hours.js';

export interface EpisodeChange {
  readonly row: Insertable<EpisodesTable>;
  readonly change: 'opened' | 'updated' | 'closed' | 'withdrawn';
}

const HOUR_MS = 3_600_000;
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
