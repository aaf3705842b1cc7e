import {
  type ActivityHour,
  activityOfTrap,
  activityPoint,
  type Catalog,
  episodesOfTrap,
  markPoints,
  putActivity,
  zonesOf,
} from '../../libs/catalog/index.js';
import { type ActivityRule, offsetMinAt } from '../../libs/domain/index.js';
import { announce } from './announce.js';
import { offsetMinIn } from './clock-offsets.js';
import { changedEpisodes, type EpisodeChange } from './follow-episodes.js';
import { changedHours } from './follow-hours.js';
import { trapSeries } from './trap-series.js';

const HOUR_MS = 3_600_000;
const DAY_H = 24;
/** What comes later than this changes no verdict any more; a trap may be offline for weeks. */
const FOLLOWED_DAYS = 60;

export interface WatchedTrap {
  readonly trapId: string;
  readonly zone: string;
}

export interface WatchOptions {
  readonly rule: ActivityRule;
  /** Whether time series follow. */
  readonly marksPoints: boolean;
}

/**
 * Judges the hours of a trap anew as far as runs, reviews or sessions have changed them, and follows its episodes. It
 * reads everything from the catalog each time, so that late data come to the same as data in order.
 *
 * @returns what was announced
 */
export async function watchTrap(
  catalog: Catalog,
  { trapId, zone }: WatchedTrap,
  { rule, marksPoints }: WatchOptions,
  nowMs: number,
): Promise<readonly EpisodeChange[]> {
  const offsetMinOf = offsetMinIn(await zonesOf(catalog.reader, trapId), zone);
  const hourNow = Math.floor((nowMs + offsetMinAt(nowMs, zone) * 60_000) / HOUR_MS);
  const fromHour = hourNow - FOLLOWED_DAYS * DAY_H;
  const comparedFromMs = nowMs - (FOLLOWED_DAYS + rule.days + 2) * DAY_H * HOUR_MS;
  const { groups } = await trapSeries(catalog, trapId, comparedFromMs, nowMs, zone);
  const known = byGroup(await activityOfTrap(catalog.scanner, trapId, fromHour));
  const episodes = await episodesOfTrap(catalog.reader, trapId, fromHour);
  const announced: EpisodeChange[] = [];
  for (const group of new Set([...groups.keys(), ...known.keys()])) {
    const before = known.get(group) ?? new Map<number, ActivityHour>();
    // A group that was corrected away still has its hours, with nothing in them.
    const series = groups.get(group) ?? emptied(groups.get('all'));
    const hours = await changedHours({ trapId, group }, series, before, fromHour, rule, offsetMinOf);
    const all = new Map(before);
    for (const row of hours) all.set(row.hour, row as ActivityHour);
    const ofGroup = episodes.filter((row) => row.taxon_group === group);
    const changes = changedEpisodes({ trapId, group }, [...all.values()], ofGroup, hourNow, nowMs);
    if (!hours.length && !changes.length) continue;
    await catalog.db.transaction().execute(async (tx) => {
      await putActivity(tx, hours);
      if (marksPoints)
        await markPoints(tx, hours.filter(({ state }) => state === 'judged').map(activityPoint));
      for (const change of changes) await announce(tx, change, marksPoints);
    });
    announced.push(...changes);
  }
  return announced;
}

function byGroup(rows: readonly ActivityHour[]): Map<string, Map<number, ActivityHour>> {
  const groups = new Map<string, Map<number, ActivityHour>>();
  for (const row of rows) {
    const hours = groups.get(row.taxon_group) ?? new Map<number, ActivityHour>();
    groups.set(row.taxon_group, hours);
    hours.set(row.hour, row);
  }
  return groups;
}

const emptied = (series: ReadonlyMap<number, { readonly effortH: number }> = new Map()) =>
  new Map([...series].map(([hour, { effortH }]) => [hour, { count: 0, effortH }]));
