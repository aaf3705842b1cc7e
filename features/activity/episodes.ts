import { type Alarm, episodesOf, HOUR_MS, isOver, isSame } from '../../libs/domain/index.js';
import type { ActivityHour, TrapEpisode } from './activity.repository.js';
import type { GroupOfTrap } from './follow-hours.js';

export interface EpisodeChange {
  readonly episode: TrapEpisode;
  readonly change: 'opened' | 'updated' | 'closed' | 'withdrawn';
}

const NO_LONGER = 'counts or effort were corrected, and no hour of it is unusual any more';

/**
 * What has become of the episodes of a group: opened, grown, over, or withdrawn where no alarm is left of one that was
 * announced.
 *
 * @param hours all that are known of the group since `known` begins
 * @param known episodes as they were last announced
 */
export function changedEpisodes(
  { trapId, group }: GroupOfTrap,
  hours: readonly ActivityHour[],
  known: readonly TrapEpisode[],
  hourNow: number,
  nowMs: number,
): EpisodeChange[] {
  const startOf = new Map(hours.map((row) => [row.hour, row.startMs]));
  const episodes = episodesOf(hours.filter(({ alarm }) => alarm).map(asAlarm));
  const left = new Set(known.filter((row) => row.state !== 'withdrawn'));
  const changes: EpisodeChange[] = [];
  for (const episode of episodes) {
    const before = [...left].find((row) => isSame(row, episode));
    if (before) left.delete(before);
    const now: TrapEpisode = {
      id: before?.id ?? `${trapId}.${group}.${episode.firstHour}`,
      trapId,
      group,
      firstHour: episode.firstHour,
      lastHour: episode.lastHour,
      startMs: startOf.get(episode.firstHour) ?? 0,
      endMs: (startOf.get(episode.lastHour) ?? 0) + HOUR_MS,
      state: isOver(episode, hourNow) ? 'closed' : 'open',
      reason: null,
      evidence: episode.evidence,
      openedAtMs: before?.openedAtMs ?? nowMs,
      changedAtMs: nowMs,
    };
    const change = changeOf(before, now);
    if (change) changes.push({ episode: now, change });
  }
  for (const row of left) {
    const episode = { ...row, state: 'withdrawn' as const, reason: NO_LONGER, changedAtMs: nowMs };
    changes.push({ episode, change: 'withdrawn' });
  }
  return changes;
}

function changeOf(
  before: TrapEpisode | undefined,
  now: TrapEpisode,
): Exclude<EpisodeChange['change'], 'withdrawn'> | undefined {
  if (!before) return 'opened';
  if (before.state === 'open' && now.state === 'closed') return 'closed';
  const isSameTime = before.startMs === now.startMs && before.endMs === now.endMs;
  const isSameEvidence = JSON.stringify(before.evidence) === JSON.stringify(now.evidence);
  return isSameEvidence && before.state === now.state && isSameTime ? undefined : 'updated';
}

const asAlarm = (row: ActivityHour): Alarm => ({
  hour: row.hour,
  count: row.visits,
  expected: row.expected as number,
  upper: row.upper as number,
  score: row.score as number,
  pHigh: row.pHigh as number,
});
