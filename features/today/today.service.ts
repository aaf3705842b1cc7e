import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog, runIdOf } from '../../libs/database/index.js';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  offsetMinAt,
  presenceState,
  type RunId,
  runKey,
  type Trap,
  USUAL_DAYS,
} from '../../libs/domain/index.js';
import type { Principal } from '../accounts/index.js';
import { ActivityRepository, presentEpisode, presentFirstSighting } from '../activity/index.js';
import { iso, Links } from '../http/index.js';
import { Models } from '../models/index.js';
import { listFirstSightings } from '../observations/index.js';
import { CONFIG } from '../platform/index.js';
import { isIndexed, listRuns, type RunFilter, RunsRepository, RunsService } from '../runs/index.js';
import { EffortRepository } from '../sessions/index.js';
import { StatsRepository } from '../stats/index.js';
import { listTraps, presenceOf } from '../traps/index.js';
import { dayText, type LocalDay, localDay, timeText } from './day.js';
import { type DayFigures, figuresOfDays, type KindFigures, type RecordingTrap } from './day-figures.js';
import {
  activityOfDay,
  countCalls,
  countOthers,
  countReviewed,
  countVisitsByDay,
  hasChangedBefore,
  hasRuns,
  trapsNeverHeard,
} from './today.repository.js';
import type { TODAY } from './today.schema.js';
import { type UsualDay, usualDay } from './usual-day.js';

type Today = z.output<typeof TODAY>;

/** What a page shows. */
const SHOWN = { taxa: 8, newest: 18, episodes: 5, sightings: 10, evidence: 6, calls: 5 } as const;
/** What is older waits for nobody any more. */
const CALL_DAYS = 7;
/** A person looks at one insect for so long. */
const CALL_S = 8;
/** Clocks of traps differ from that of the day by less than this. */
const CLOCKS_MS = 26 * 3_600_000;
/**
 * Days that are over hardly change: pages that follow the present do not read them again each time, unless runs of these
 * days came or were changed meanwhile, as by an import.
 */
const HISTORY_KEPT_MS = 60_000;
const HISTORIES = 50;

interface Scope {
  /** Undefined: all traps. */
  readonly trapIds: readonly string[] | undefined;
  readonly day: LocalDay;
  readonly nowMs: number;
}

/** One local day of a trap, or of all of them, against the days before it. */
@Injectable()
export class TodayService {
  private readonly histories = new Map<string, { atMs: number; figures: Promise<DayFigures[]> }>();
  private readonly zone: string;

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) { timeZone }: Pick<Config, 'timeZone'>,
    private readonly models: Models,
    private readonly links: Links,
    private readonly effort: EffortRepository,
    private readonly stats: StatsRepository,
    private readonly activity: ActivityRepository,
    private readonly runs: RunsService,
    private readonly runsRepository: RunsRepository,
  ) {
    this.zone = timeZone;
  }

  /** @param wanted `day`: days since 1970-01-01, default the present one in the zone of the trap, or of the station */
  async describe(
    {
      trapIds,
      day: wantedDay,
    }: { readonly trapIds?: readonly string[] | undefined; readonly day?: number | undefined },
    user: Principal,
    nowMs: number,
  ): Promise<Today> {
    const { reader } = this.catalog;
    const traps = (await listTraps(reader)).filter((trap) => isAmong(trapIds, trap.trapId));
    const zone = (trapIds?.length === 1 && traps[0]?.timeZone) || this.zone;
    const day = localDay(zone, nowMs, wantedDay);
    const scope = { trapIds, day, nowMs };
    const [[today = NOTHING], before] = await Promise.all([
      this.figures(scope, [day.day], traps),
      this.history(scope, traps),
    ]);
    const usual = usualDay(today, before, day.timeOfDay);
    const span = { trapIds, fromMs: day.fromMs, toMs: day.toMs };
    const activity = await activityOfDay(reader, span);
    return {
      date: dayText(day.day),
      timeZone: zone,
      from: iso(day.fromMs),
      to: iso(day.toMs),
      isToday: day.isToday,
      until: timeText(day.timeOfDay),
      nowHour: day.isToday ? Math.round((day.timeOfDay / HOUR_MS) * 100) / 100 : null,
      everReceived: await hasRuns(this.catalog, trapIds),
      demoModel: this.models.active?.card.demo ?? false,
      modelActive: this.models.active !== undefined,
      learning:
        usual.recordedDays < USUAL_DAYS.needed
          ? { days: usual.recordedDays, needed: USUAL_DAYS.needed }
          : null,
      visits: { count: today.visits, usual: usual.visits ?? null },
      kinds: { count: today.kinds.size, usual: usual.kinds ?? null },
      uncertain: today.uncertain,
      notInsects: await countOthers(this.catalog.scanner, span),
      timeUnknown: await this.timeUnknown(trapIds),
      effort: {
        minutes: today.minutes === undefined ? null : Math.round(today.minutes),
        usualMinutes: usual.minutes === undefined ? null : Math.round(usual.minutes),
        traps: today.traps,
      },
      history: { days: usual.days, needed: USUAL_DAYS.needed },
      headline: headlineOf(today, usual, activity),
      hours: hoursOf(today, usual, activity),
      ...(await this.taxa(scope, today, usual)),
      call: await this.call(scope),
      looked: await countReviewed(reader, span),
      firstSightings: await this.firstSightings(scope),
      episodes: await this.episodes(scope),
      newest: await this.newest(scope, user),
      traps: await this.trapStates(traps, trapIds, nowMs),
    };
  }

  private async history(scope: Scope, traps: readonly Trap[]): Promise<DayFigures[]> {
    const { trapIds = [''], day, nowMs } = scope;
    const key = [trapIds.join(), day.day, Math.floor(day.timeOfDay / MINUTE_MS)].join(' ');
    const known = this.histories.get(key);
    const days = Array.from({ length: USUAL_DAYS.compared }, (_, i) => day.day - USUAL_DAYS.compared + i);
    const isFresh = known && nowMs - known.atMs < HISTORY_KEPT_MS;
    if (isFresh && !(await hasChangedBefore(this.catalog.reader, day.fromMs, known.atMs)))
      return known.figures;
    const figures = this.figures(scope, days, traps);
    figures.catch(() => this.histories.delete(key));
    this.histories.set(key, { atMs: nowMs, figures });
    const [oldest] = this.histories.keys();
    if (this.histories.size > HISTORIES && oldest !== undefined) this.histories.delete(oldest);
    return figures;
  }

  private async figures(
    { trapIds, day, nowMs }: Scope,
    days: readonly number[],
    traps: readonly Trap[],
  ): Promise<DayFigures[]> {
    const { scanner } = this.catalog;
    const clocks = new Map(traps.map((trap) => [trap.trapId, this.clockOf(trap, day, nowMs)]));
    const others = [...clocks].filter(([, clock]) => clock.timeOfDay !== day.timeOfDay);
    const [first = day.day, last = day.day] = [days[0], days.at(-1)];
    // What came today has happened, also where the clock of its trap is some minutes ahead.
    const isPresent = day.isToday && first === day.day;
    const fromMs = first * DAY_MS - CLOCKS_MS;
    const toMs = (last + 1) * DAY_MS + CLOCKS_MS;
    const counted = await countVisitsByDay(scanner, {
      trapIds,
      fromMs,
      toMs,
      timeOfDay: isPresent
        ? { otherwise: DAY_MS, ofTraps: new Map() }
        : {
            otherwise: day.timeOfDay,
            ofTraps: new Map(others.map(([id, { timeOfDay }]) => [id, timeOfDay])),
          },
      defaultZone: this.zone,
    });
    const sessions = await this.effort.sessions({ trapIds, fromMs, toMs });
    const recording: RecordingTrap[] = sessions.map((trap) => ({
      sessions: trap.sessions,
      ...(clocks.get(trap.trapId) ?? { zone: day.zone, timeOfDay: day.timeOfDay }),
    }));
    return figuresOfDays(days, counted, recording, nowMs);
  }

  /** Of a trap in another zone, the same day is further on, or not as far. */
  private clockOf({ timeZone }: Trap, day: LocalDay, nowMs: number) {
    const zone = timeZone ?? this.zone;
    if (zone === day.zone || !day.isToday) return { zone, timeOfDay: day.timeOfDay };
    const wallMs = nowMs + offsetMinAt(nowMs, zone) * MINUTE_MS;
    return { zone, timeOfDay: Math.min(DAY_MS, Math.max(0, wallMs - day.day * DAY_MS)) };
  }

  private async timeUnknown(trapIds: Scope['trapIds']): Promise<number> {
    const byTrap = await this.stats.visitsOfUnknownTime();
    return [...byTrap]
      .filter(([trapId]) => isAmong(trapIds, trapId))
      .reduce((sum, [, visits]) => sum + visits, 0);
  }

  private async taxa({ trapIds, day }: Scope, today: DayFigures, usual: UsualDay) {
    const kinds = [...today.kinds].sort(([a, x], [b, y]) => y.visits - x.visits || (a < b ? -1 : 1));
    const shown = kinds.slice(0, SHOWN.taxa);
    const rest = kinds.slice(SHOWN.taxa);
    const thumbnails = await Promise.all(
      shown.map(([, { label, taxon }]) =>
        this.thumbnails(
          {
            trapIds,
            fromMs: day.fromMs,
            toMs: day.toMs,
            insectsOnly: true,
            unsure: false,
            ...(taxon === null ? { label } : { taxon }),
          },
          1,
        ),
      ),
    );
    return {
      taxa: shown.map(([kind, { label, taxon, group, visits }], at) => ({
        label,
        taxon,
        group,
        visits,
        usual: usual.ofKind(kind) ?? null,
        thumbnail: thumbnails[at]?.[0] ?? null,
      })),
      moreTaxa: { kinds: rest.length, visits: rest.reduce((sum, [, { visits }]) => sum + visits, 0) },
    };
  }

  private async call({ trapIds, nowMs }: Scope): Promise<Today['call']> {
    const fromMs = nowMs - CALL_DAYS * DAY_MS;
    const counts = await countCalls(this.catalog.reader, { trapIds, fromMs });
    const questions = counts.uncertain + counts.firstSightings + counts.episodes;
    const filter = { attention: true, fromMs, trapIds };
    return {
      ...counts,
      questions,
      minutes: Math.ceil((questions * CALL_S) / 60),
      filter: `attention=true&from=${iso(fromMs)}${trapIds === undefined ? '' : `&trap=${trapIds.join()}`}`,
      thumbnails: questions ? await this.thumbnails(filter, SHOWN.calls) : [],
    };
  }

  private async firstSightings({ trapIds, day }: Scope): Promise<Today['firstSightings']> {
    const rows = await listFirstSightings(
      this.catalog.reader,
      { trapIds, state: 'standing', fromMs: day.fromMs, toMs: day.toMs },
      SHOWN.sightings,
    );
    const thumbnails = await this.thumbnailsByRun(rows.map(runIdOf));
    return rows.map((row) => ({
      ...presentFirstSighting(row),
      thumbnail: thumbnails.get(runKey(runIdOf(row))) ?? null,
    }));
  }

  /** Those that reach into the day, open ones first. */
  private async episodes({ trapIds, day }: Scope): Promise<Today['episodes']> {
    const rows = await this.activity.listEpisodes(
      { trapIds, fromMs: day.fromMs, toMs: day.toMs },
      SHOWN.episodes * 4,
    );
    const shown = rows
      .filter(({ state }) => state !== 'withdrawn')
      .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open'))
      .slice(0, SHOWN.episodes);
    return Promise.all(
      shown.map(async (row) => {
        const view = presentEpisode(row);
        const rows = await listRuns(this.catalog.scanner, { episodeId: row.id }, SHOWN.evidence);
        return { ...view, visits: view.count, thumbnails: await this.thumbnailsOf(rows) };
      }),
    );
  }

  /** Today also those of the days before: in the morning there is something to look at, too. */
  private async newest({ trapIds, day }: Scope, user: Principal): Promise<Today['newest']> {
    const { reader } = this.catalog;
    const fromMs = day.isToday ? undefined : day.fromMs;
    const filter = { trapIds, fromMs, toMs: day.toMs, insectsOnly: true };
    const rows = await listRuns(reader, filter, SHOWN.newest);
    return this.runs.present(rows, user);
  }

  private async thumbnails(filter: RunFilter, limit: number): Promise<string[]> {
    const { reader, scanner } = this.catalog;
    const isQuick = isIndexed(filter) || filter.taxon !== undefined || filter.label !== undefined;
    return this.thumbnailsOf(await listRuns(isQuick ? reader : scanner, filter, limit));
  }

  private async thumbnailsOf(runs: readonly RunId[]): Promise<string[]> {
    const thumbnails = await this.thumbnailsByRun(runs);
    return runs.flatMap((run) => thumbnails.get(runKey(run)) ?? []);
  }

  /** The thumbnail of each run that has a picture still. */
  private async thumbnailsByRun(runs: readonly RunId[]): Promise<ReadonlyMap<string, string>> {
    const crops = await this.runsRepository.firstCrops(runs);
    return new Map(
      runs.flatMap(({ trapId, runId }) => {
        const cropId = crops.get(runKey({ trapId, runId }));
        return cropId === undefined
          ? []
          : [[runKey({ trapId, runId }), this.links.thumbnail({ trapId, runId, cropId })] as const];
      }),
    );
  }

  private async trapStates(
    traps: readonly Trap[],
    trapIds: Scope['trapIds'],
    nowMs: number,
  ): Promise<Today['traps']> {
    const heard = traps.filter((trap) => trap.lastMessageAtMs !== null && trap.removedAtMs === null);
    const never = (await trapsNeverHeard(this.catalog.reader)).filter((id) => isAmong(trapIds, id));
    const states = heard.map((trap) => ({ trap, state: presenceState(presenceOf(trap, this.zone), nowMs) }));
    const count = (state: string) => states.filter((each) => each.state === state).length;
    return {
      online: count('online'),
      sleeping: count('sleeping'),
      offline: count('offline'),
      silent: count('silent'),
      never: never.length,
      attention: states
        .filter(({ state }) => state === 'silent')
        .map(({ trap, state }) => ({
          trapId: trap.trapId,
          name: trap.name,
          state,
          since: iso(Number(trap.lastMessageAtMs)),
        })),
    };
  }
}

const isAmong = (trapIds: readonly string[] | undefined, trapId: string): boolean =>
  trapIds?.includes(trapId) ?? true;

const NOTHING: DayFigures = {
  day: 0,
  visits: 0,
  uncertain: 0,
  kinds: new Map<string, KindFigures>(),
  minutes: 0,
  visitsOfDay: 0,
  hours: [],
  traps: 0,
};

type ActivityRow = Awaited<ReturnType<typeof activityOfDay>>[number];

/** The sentence of the day: how it compares, and which group at which trap makes most of the difference. */
function headlineOf(
  today: DayFigures,
  { visits }: UsualDay,
  activity: readonly ActivityRow[],
): Today['headline'] {
  if (today.minutes === 0 && today.visits === 0) return { kind: 'nothing-recorded' };
  if (!visits) return { kind: 'learning' };
  const sign = today.visits > visits.high ? 1 : today.visits < visits.low ? -1 : 0;
  if (sign === 0) return { kind: 'usual' };
  const kind = sign > 0 ? 'more' : 'fewer';
  const differences = new Map<string, { group: string; trapId: string; by: number }>();
  for (const { trap_id: trapId, taxon_group: group, visits: seen, expected } of activity) {
    if (group === 'all') continue;
    const key = `${trapId} ${group}`;
    const by = sign * (Number(seen) - Number(expected ?? 0)) + (differences.get(key)?.by ?? 0);
    differences.set(key, { group, trapId, by });
  }
  const [most] = [...differences.values()].sort((a, b) => b.by - a.by);
  return most && most.by > 0 ? { kind, group: most.group, trapId: most.trapId } : { kind };
}

function hoursOf(today: DayFigures, { hours }: UsualDay, activity: readonly ActivityRow[]): Today['hours'] {
  const unusual = new Set(activity.filter(({ alarm }) => alarm === 1).map((row) => Number(row.hour) % 24));
  return hours.map(({ expected, range }, hour) => {
    const { visits = 0, minutes } = today.hours[hour] ?? {};
    return {
      hour,
      visits,
      minutes: minutes === undefined ? null : Math.round(minutes * 10) / 10,
      expected: expected === undefined ? null : Math.round(expected * 10) / 10,
      low: range?.low ?? null,
      high: range?.high ?? null,
      unusual: unusual.has(hour),
    };
  });
}
