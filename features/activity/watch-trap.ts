import type { Catalog } from '../../libs/database/index.js';
import {
  type ActivityRule,
  HOUR_MS,
  offsetMinAt,
  readTrapTime,
  relevantZones,
  type TrapZones,
} from '../../libs/domain/index.js';
import { activityPoint, enqueuePoints } from '../outbox/index.js';
import { zonesOf } from '../traps/index.js';
import { type ActivityHour, activityOfTrap, episodesOfTrap, putActivity } from './activity.repository.js';
import { announce, changedEpisodes, type EpisodeChange } from './episodes.js';
import { changedHours } from './follow-hours.js';
import { trapSeries } from './trap-series.js';

const DAY_H = 24;
/** What comes later than this changes no verdict any more; a trap may be offline for weeks. */
const FOLLOWED_DAYS = 60;

interface WatchedTrap {
  readonly trapId: string;
  readonly zone: string;
}

interface WatchOptions {
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
        await enqueuePoints(tx, hours.filter(({ state }) => state === 'judged').map(activityPoint));
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
/** Traps with the same zones share them. */
const MOST_ZONES = 200;

const offsetsByZones = new Map<string, Map<number, number>>();

/**
 * Minutes that a trap's clock is ahead of UTC in an hour of its own, counted since 1970-01-01T00: in the zone in which a
 * time without one would be read. It is asked for every hour at every look, and so remembered.
 */
function offsetMinIn(ofTrap: TrapZones, defaultZone: string): (hour: number) => number {
  const zones = relevantZones(ofTrap);
  const key = JSON.stringify([zones, defaultZone]);
  const known = offsetsByZones.get(key) ?? new Map<number, number>();
  if (!offsetsByZones.has(key) && offsetsByZones.size >= MOST_ZONES) offsetsByZones.clear();
  offsetsByZones.set(key, known);
  return (hour) => {
    const before = known.get(hour);
    if (before !== undefined) return before;
    const text = new Date(hour * HOUR_MS).toISOString().slice(0, 19);
    const offsetMin = readTrapTime(text, zones, defaultZone, 0)?.offsetMin ?? 0;
    known.set(hour, offsetMin);
    return offsetMin;
  };
}
