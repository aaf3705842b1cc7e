import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import {
  type ActivityHoursTable,
  Catalog,
  type Db,
  type EpisodeAnswersTable,
  type EpisodesTable,
  inChunks,
  number,
  ofTraps,
} from '../../libs/database/index.js';
import type { Alarm } from '../../libs/domain/index.js';
import { noteChange, type PointName } from '../outbox/index.js';

/** One hour of one group at one trap, and whether it was unusual. */
export interface ActivityHour {
  readonly trapId: string;
  /** `all` = all insects. */
  readonly group: string;
  /** Whole hours since 1970-01-01T00 on the trap's own clock. */
  readonly hour: number;
  readonly startMs: number;
  readonly visits: number;
  readonly effortMin: number;
  readonly state: 'missing' | 'learning' | 'judged';
  /** Null unless judged, like the four that follow. */
  readonly expected: number | null;
  readonly upper: number | null;
  readonly score: number | null;
  readonly pHigh: number | null;
  readonly pLow: number | null;
  /** While learning: days with data so far. */
  readonly days: number | null;
  readonly alarm: boolean;
}

/** Unusual hours that belong together, as they were last announced. */
export interface TrapEpisode {
  /** `<trap>.<group>.<first hour>` of when it was opened. */
  readonly id: string;
  readonly trapId: string;
  readonly group: string;
  readonly firstHour: number;
  readonly lastHour: number;
  readonly startMs: number;
  /** End of its last hour. */
  readonly endMs: number;
  readonly state: 'open' | 'closed' | 'withdrawn';
  /** Why it was withdrawn. */
  readonly reason: string | null;
  /** Its alarms, in order. */
  readonly evidence: readonly Alarm[];
  readonly openedAtMs: number;
  readonly changedAtMs: number;
}

/** What one person, or the holder of one key, says of an episode. */
export interface EpisodeAnswer {
  readonly answer: EpisodeAnswersTable['answer'];
  readonly by: string;
  readonly byKind: EpisodeAnswersTable['by_kind'];
  readonly atMs: number;
}

export interface AnsweredEpisode extends TrapEpisode {
  /** Oldest first. */
  readonly answers: readonly EpisodeAnswer[];
}

const ROWS_AT_ONCE = 500;

interface ActivityFilter {
  readonly trapIds?: readonly string[] | undefined;
  readonly group?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly state?: ActivityHour['state'] | undefined;
}

/** Where a page of hours ended. */
type ActivityCursor = readonly [startMs: number, trapId: string, group: string];

interface EpisodeFilter extends Omit<ActivityFilter, 'state'> {
  readonly state?: TrapEpisode['state'] | undefined;
}

/** Where a page of episodes ended. */
type EpisodeCursor = readonly [startMs: number, id: string];

@Injectable()
export class ActivityRepository {
  constructor(private readonly catalog: Catalog) {}

  /** Hours, newest first. */
  async listHours(filter: ActivityFilter, limit: number, after?: ActivityCursor): Promise<ActivityHour[]> {
    const rows = await this.catalog.reader
      .selectFrom('activity_hours')
      .selectAll()
      .where(ofTraps('trap_id', filter.trapIds))
      .$if(filter.group !== undefined, (query) => query.where('taxon_group', '=', filter.group as string))
      .$if(filter.fromMs !== undefined, (query) => query.where('start_ms', '>=', filter.fromMs as number))
      .$if(filter.toMs !== undefined, (query) => query.where('start_ms', '<', filter.toMs as number))
      .$if(filter.state !== undefined, (query) =>
        query.where('state', '=', filter.state as ActivityHour['state']),
      )
      .$if(after !== undefined, (query) =>
        query.where(
          sql<boolean>`(start_ms, trap_id, taxon_group) < (${after?.[0]}, ${after?.[1]}, ${after?.[2]})`,
        ),
      )
      .orderBy('start_ms', 'desc')
      .orderBy('trap_id', 'desc')
      .orderBy('taxon_group', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toHour);
  }

  /** Episodes, newest first. */
  async listEpisodes(
    filter: EpisodeFilter,
    limit: number,
    after?: EpisodeCursor,
  ): Promise<AnsweredEpisode[]> {
    const rows = await this.catalog.reader
      .selectFrom('episodes')
      .selectAll()
      .where(ofTraps('trap_id', filter.trapIds))
      .$if(filter.group !== undefined, (query) => query.where('taxon_group', '=', filter.group as string))
      .$if(filter.fromMs !== undefined, (query) => query.where('end_ms', '>', filter.fromMs as number))
      .$if(filter.toMs !== undefined, (query) => query.where('start_ms', '<', filter.toMs as number))
      .$if(filter.state !== undefined, (query) =>
        query.where('state', '=', filter.state as TrapEpisode['state']),
      )
      .$if(after !== undefined, (query) =>
        query.where(sql<boolean>`(start_ms, id) < (${after?.[0]}, ${after?.[1]})`),
      )
      .orderBy('start_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return withAnswers(this.catalog.reader, rows.map(toEpisode));
  }

  async findEpisode(id: string): Promise<AnsweredEpisode | undefined> {
    const { db } = this.catalog;
    const rows = await db.selectFrom('episodes').selectAll().where('id', '=', id).execute();
    return (await withAnswers(db, rows.map(toEpisode)))[0];
  }

  /**
   * Keeps one answer of each person and key: a later one replaces it.
   *
   * @param answer null: takes it back
   */
  async setAnswer(
    { id, trapId }: Pick<TrapEpisode, 'id' | 'trapId'>,
    by: Pick<EpisodeAnswer, 'by' | 'byKind'>,
    answer: EpisodeAnswer['answer'] | null,
    nowMs: number,
  ): Promise<void> {
    const key = { episode_id: id, by_kind: by.byKind, by_name: by.by };
    await this.catalog.db.transaction().execute(async (tx) => {
      if (answer === null)
        await tx
          .deleteFrom('episode_answers')
          .where('episode_id', '=', id)
          .where('by_kind', '=', by.byKind)
          .where('by_name', '=', by.by)
          .execute();
      else
        await tx
          .insertInto('episode_answers')
          .values({ ...key, answer, at_ms: nowMs })
          .onConflict((conflict) =>
            conflict.columns(['episode_id', 'by_kind', 'by_name']).doUpdateSet({ answer, at_ms: nowMs }),
          )
          .execute();
      await noteChange(tx, { kind: 'episode', trap_id: trapId, item: id, state: 'answered' });
    });
  }

  /** The hours of a trap from `fromHour` on, all groups. */
  async hoursOfTrap(trapId: string, fromHour: number): Promise<ActivityHour[]> {
    const rows = await this.catalog.scanner
      .selectFrom('activity_hours')
      .selectAll()
      .where('trap_id', '=', trapId)
      .where('hour', '>=', fromHour)
      .execute();
    return rows.map(toHour);
  }

  /** Episodes of a trap that reach to `fromHour` or beyond it; withdrawn ones, too. */
  async episodesOfTrap(trapId: string, fromHour: number): Promise<TrapEpisode[]> {
    const rows = await this.catalog.reader
      .selectFrom('episodes')
      .selectAll()
      .where('trap_id', '=', trapId)
      .where('last_hour', '>=', fromHour)
      .orderBy('first_hour')
      .execute();
    return rows.map(toEpisode);
  }
}

/** Writes hours; one that exists is replaced. */
export async function putActivity(tx: Db, hours: readonly ActivityHour[]): Promise<void> {
  for (const some of inChunks(hours, ROWS_AT_ONCE)) {
    await tx
      .insertInto('activity_hours')
      .values(some.map(fromHour))
      .onConflict((conflict) =>
        conflict.columns(['trap_id', 'taxon_group', 'hour']).doUpdateSet((eb) => ({
          start_ms: eb.ref('excluded.start_ms'),
          visits: eb.ref('excluded.visits'),
          effort_min: eb.ref('excluded.effort_min'),
          state: eb.ref('excluded.state'),
          expected: eb.ref('excluded.expected'),
          upper: eb.ref('excluded.upper'),
          score: eb.ref('excluded.score'),
          p_high: eb.ref('excluded.p_high'),
          p_low: eb.ref('excluded.p_low'),
          days: eb.ref('excluded.days'),
          alarm: eb.ref('excluded.alarm'),
        })),
      )
      .execute();
  }
}

export async function putEpisode(tx: Db, episode: TrapEpisode): Promise<void> {
  const row = fromEpisode(episode);
  const { id: _id, opened_at: _opened, ...columns } = row;
  await tx
    .insertInto('episodes')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

/** These hours, as far as they are there, by the names of their points. */
export async function activityNamed(db: Db, names: readonly PointName[]): Promise<ActivityHour[]> {
  if (!names.length) return [];
  const keys = names.map(({ trapId, item }) => {
    const [hour, ...group] = item.split('/');
    return sql`(${trapId}, ${group.join('/')}, ${sql.lit(Number(hour))})`;
  });
  const rows = await db
    .selectFrom('activity_hours')
    .selectAll()
    .where(sql<boolean>`(trap_id, taxon_group, hour) in (values ${sql.join(keys)})`)
    .execute();
  return rows.map(toHour);
}

const toHour = (row: Selectable<ActivityHoursTable>): ActivityHour => ({
  trapId: row.trap_id,
  group: row.taxon_group,
  // PostgreSQL returns large numbers as text.
  hour: number(row.hour),
  startMs: number(row.start_ms),
  visits: row.visits,
  effortMin: row.effort_min,
  state: row.state,
  expected: row.expected,
  upper: row.upper,
  score: row.score,
  pHigh: row.p_high,
  pLow: row.p_low,
  days: row.days,
  alarm: row.alarm === 1,
});

const fromHour = (hour: ActivityHour) => ({
  trap_id: hour.trapId,
  taxon_group: hour.group,
  hour: hour.hour,
  start_ms: hour.startMs,
  visits: hour.visits,
  effort_min: hour.effortMin,
  state: hour.state,
  expected: hour.expected,
  upper: hour.upper,
  score: hour.score,
  p_high: hour.pHigh,
  p_low: hour.pLow,
  days: hour.days,
  alarm: hour.alarm ? (1 as const) : (0 as const),
});

async function withAnswers(db: Db, episodes: readonly TrapEpisode[]): Promise<AnsweredEpisode[]> {
  if (!episodes.length) return [];
  const rows = await db
    .selectFrom('episode_answers')
    .selectAll()
    .where(
      'episode_id',
      'in',
      episodes.map(({ id }) => id),
    )
    .orderBy('at_ms')
    .orderBy('by_name')
    .execute();
  return episodes.map((episode) => ({
    ...episode,
    answers: rows
      .filter(({ episode_id }) => episode_id === episode.id)
      .map((row) => ({
        answer: row.answer,
        by: row.by_name,
        byKind: row.by_kind,
        atMs: number(row.at_ms),
      })),
  }));
}

const toEpisode = (row: Selectable<EpisodesTable>): TrapEpisode => ({
  id: row.id,
  trapId: row.trap_id,
  group: row.taxon_group,
  firstHour: number(row.first_hour),
  lastHour: number(row.last_hour),
  startMs: number(row.start_ms),
  endMs: number(row.end_ms),
  state: row.state,
  reason: row.reason,
  evidence: JSON.parse(row.evidence) as Alarm[],
  openedAtMs: number(row.opened_at),
  changedAtMs: number(row.changed_at),
});

const fromEpisode = (episode: TrapEpisode) => ({
  id: episode.id,
  trap_id: episode.trapId,
  taxon_group: episode.group,
  first_hour: episode.firstHour,
  last_hour: episode.lastHour,
  start_ms: episode.startMs,
  end_ms: episode.endMs,
  state: episode.state,
  reason: episode.reason,
  evidence: JSON.stringify(episode.evidence),
  opened_at: episode.openedAtMs,
  changed_at: episode.changedAtMs,
});
