import { Injectable } from '@nestjs/common';
import { Catalog, type Db } from '../../libs/database/index.js';
import {
  type ActivityRule,
  HOUR_MS,
  offsetMinAt,
  readTrapTime,
  relevantZones,
  type TrapZones,
} from '../../libs/domain/index.js';
import { buildAlert, topicOf } from '../../libs/protocol/index.js';
import { recordEvent } from '../observations/index.js';
import { activityPoint, enqueuePoints, eventPoint, noteChange, putInOutbox } from '../outbox/index.js';
import { groupNames } from '../taxa/index.js';
import { zonesOf } from '../traps/index.js';
import { type ActivityHour, ActivityRepository, putActivity, putEpisode } from './activity.repository.js';
import { episodeSentence } from './episode-sentence.js';
import { changedEpisodes, type EpisodeChange } from './episodes.js';
import { changedHours } from './follow-hours.js';
import { TrapSeriesService } from './trap-series.service.js';

const DAY_H = 24;
/** What comes later than this changes no verdict any more; a trap may be offline for weeks. */
const FOLLOWED_DAYS = 60;

interface WatchedTrap {
  readonly trapId: string;
  readonly zone: string;
}

/** Alarms that one message names; an episode of weeks would not fit into it. */
const EVIDENCE_SHOWN = 100;

interface WatchOptions {
  readonly rule: ActivityRule;
  /** Whether time series follow. */
  readonly marksPoints: boolean;
}

/** Judges the hours of traps and announces their episodes. */
@Injectable()
export class TrapWatchService {
  constructor(
    private readonly catalog: Catalog,
    private readonly repository: ActivityRepository,
    private readonly series: TrapSeriesService,
  ) {}

  /**
   * Judges the hours of a trap again as far as runs, reviews or sessions have changed them, and follows its episodes. It
   * reads everything from the catalog each time, so that late data give the same result as data in order.
   *
   * @returns what was announced
   */
  async watch(
    { trapId, zone }: WatchedTrap,
    { rule, marksPoints }: WatchOptions,
    nowMs: number,
  ): Promise<readonly EpisodeChange[]> {
    const offsetMinOf = offsetMinIn(await zonesOf(this.catalog.reader, trapId), zone);
    const hourNow = Math.floor((nowMs + offsetMinAt(nowMs, zone) * 60_000) / HOUR_MS);
    const fromHour = hourNow - FOLLOWED_DAYS * DAY_H;
    const comparedFromMs = nowMs - (FOLLOWED_DAYS + rule.days + 2) * DAY_H * HOUR_MS;
    const { groups } = await this.series.of(trapId, comparedFromMs, nowMs);
    const known = byGroup(await this.repository.hoursOfTrap(trapId, fromHour));
    const episodes = await this.repository.episodesOfTrap(trapId, fromHour);
    const announced: EpisodeChange[] = [];
    for (const group of new Set([...groups.keys(), ...known.keys()])) {
      const before = known.get(group) ?? new Map<number, ActivityHour>();
      // A group that was corrected away still has its hours, with nothing in them.
      const series = groups.get(group) ?? emptied(groups.get('all'));
      const hours = await changedHours({ trapId, group }, series, before, fromHour, rule, offsetMinOf);
      const all = new Map(before);
      for (const each of hours) all.set(each.hour, each);
      const ofGroup = episodes.filter((each) => each.group === group);
      const changes = changedEpisodes({ trapId, group }, [...all.values()], ofGroup, hourNow, nowMs);
      if (!hours.length && !changes.length) continue;
      await this.catalog.db.transaction().execute(async (tx) => {
        await putActivity(tx, hours);
        if (marksPoints)
          await enqueuePoints(tx, hours.filter(({ state }) => state === 'judged').map(activityPoint));
        for (const change of changes) await this.announce(tx, change, marksPoints);
      });
      announced.push(...changes);
    }
    return announced;
  }

  /** Stores an episode, queues its message, and adds it to the charts when it opens. */
  private async announce(tx: Db, { episode, change }: EpisodeChange, marksPoints: boolean): Promise<void> {
    await putEpisode(tx, episode);
    await noteChange(tx, {
      kind: 'episode',
      trap_id: episode.trapId,
      item: episode.id,
      state: episode.state,
    });
    const { trapId, group, evidence } = episode;
    const worst = evidence.reduce((a, b) => (b.score > a.score ? b : a));
    const iso = (atMs: number) => new Date(atMs).toISOString();
    const namesOfGroup = groupNames(group);
    await putInOutbox(tx, [
      {
        kind: 'alert',
        key: episode.id,
        topic: topicOf.alert('activity'),
        retain: 0,
        payload: buildAlert({
          id: episode.id,
          state: change,
          trap: trapId,
          group,
          groupNames: namesOfGroup && { ...namesOfGroup },
          text: episodeSentence(group, evidence),
          start: iso(episode.startMs),
          end: iso(episode.endMs),
          count: evidence.reduce((sum, { count }) => sum + count, 0),
          expected: evidence.reduce((sum, { expected }) => sum + expected, 0),
          upper: worst.upper,
          score: worst.score,
          pValue: worst.pHigh,
          reason: episode.reason ?? undefined,
          evidence: evidence.slice(0, EVIDENCE_SHOWN),
          at: iso(episode.changedAtMs),
        }),
      },
    ]);
    if (change !== 'opened') return;
    const event = {
      trap_id: trapId,
      kind: 'episode' as const,
      item: episode.id,
      at_ms: episode.startMs,
      text: Object.values(episodeSentence(group, evidence)).reverse().join(' / '),
    };
    if ((await recordEvent(tx, event)) && marksPoints) await enqueuePoints(tx, [eventPoint(event)]);
  }
}

function byGroup(rows: readonly ActivityHour[]): Map<string, Map<number, ActivityHour>> {
  const groups = new Map<string, Map<number, ActivityHour>>();
  for (const row of rows) {
    const hours = groups.get(row.group) ?? new Map<number, ActivityHour>();
    groups.set(row.group, hours);
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
