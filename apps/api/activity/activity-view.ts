import type { z } from 'zod';
import type { FirstSightingRow, listActivity, listEpisodes } from '../../../libs/catalog/index.js';
import type { Alarm } from '../../../libs/domain/index.js';
import { iso } from '../show.js';
import type { ACTIVITY_HOUR, EPISODE, FIRST_SIGHTING } from './activity-schema.js';

type HourRow = Awaited<ReturnType<typeof listActivity>>[number];
type EpisodeRow = Awaited<ReturnType<typeof listEpisodes>>[number];

const DAY_H = 24;

export const activityView = (row: HourRow): z.output<typeof ACTIVITY_HOUR> => ({
  trapId: row.trap_id,
  group: row.taxon_group,
  start: iso(row.start_ms),
  localHour: row.hour % DAY_H,
  count: row.visits,
  effortMin: row.effort_min,
  state: row.state,
  days: row.days,
  expected: row.expected,
  upper: row.upper,
  score: row.score,
  pValue: row.p_high,
  alarm: row.alarm === 1,
});

export function episodeView(row: EpisodeRow): z.output<typeof EPISODE> {
  const alarms = JSON.parse(row.evidence) as Alarm[];
  return {
    id: row.id,
    trapId: row.trap_id,
    group: row.taxon_group,
    start: iso(row.start_ms),
    end: iso(row.end_ms),
    state: row.state,
    reason: row.reason,
    count: alarms.reduce((sum, { count }) => sum + count, 0),
    expected: alarms.reduce((sum, { expected }) => sum + expected, 0),
    openedAt: iso(Number(row.opened_at)),
    changedAt: iso(Number(row.changed_at)),
    evidence: alarms.map(({ hour, count, expected, upper, score, pHigh }) => ({
      localHour: hour % DAY_H,
      count,
      expected,
      upper,
      score,
      pValue: pHigh,
    })),
  };
}

export const firstSightingView = (row: FirstSightingRow): z.output<typeof FIRST_SIGHTING> => ({
  id: row.id,
  trapId: row.trap_id,
  taxon: row.taxon,
  rank: row.rank,
  group: row.taxon_group,
  kind: row.kind,
  runId: row.run_id,
  at: iso(row.at_ms),
  lastBefore: row.last_before_ms === null ? null : iso(Number(row.last_before_ms)),
  firstAnywhere: row.first_anywhere === 1,
  state: row.state,
  announced: row.announced === 1,
  reason: row.reason,
  notedAt: iso(Number(row.noted_at)),
  changedAt: iso(Number(row.changed_at)),
});
