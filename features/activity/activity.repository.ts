import { type Insertable, type Selectable, sql } from 'kysely';
import {
  type ActivityHoursTable,
  type Db,
  type EpisodesTable,
  inChunks,
  number,
} from '../../libs/database/index.js';
import type { PointName } from '../outbox/index.js';

export type ActivityHour = Selectable<ActivityHoursTable>;
export type EpisodeRow = Selectable<EpisodesTable>;

const ROWS_AT_ONCE = 500;

/** The hours of a trap from `fromHour` on, all groups. */
export async function activityOfTrap(db: Db, trapId: string, fromHour: number): Promise<ActivityHour[]> {
  const rows = await db
    .selectFrom('activity_hours')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('hour', '>=', fromHour)
    .execute();
  return rows.map((row) => ({ ...row, hour: number(row.hour), start_ms: number(row.start_ms) }));
}

/** Said again, an hour is what was said last. */
export async function putActivity(tx: Db, rows: readonly Insertable<ActivityHoursTable>[]): Promise<void> {
  for (const some of inChunks(rows, ROWS_AT_ONCE)) {
    await tx
      .insertInto('activity_hours')
      .values(some)
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

/** These hours, as far as they are there, by the names of their points. */
export function activityNamed(db: Db, names: readonly PointName[]): Promise<ActivityHour[]> {
  if (!names.length) return Promise.resolve([]);
  const rows = names.map(({ trapId, item }) => {
    const [hour, ...group] = item.split('/');
    return sql`(${trapId}, ${group.join('/')}, ${sql.lit(Number(hour))})`;
  });
  return db
    .selectFrom('activity_hours')
    .selectAll()
    .where(sql<boolean>`(trap_id, taxon_group, hour) in (values ${sql.join(rows)})`)
    .execute();
}

/** Episodes of a trap that reach to `fromHour` or beyond it; withdrawn ones, too. */
export async function episodesOfTrap(db: Db, trapId: string, fromHour: number): Promise<EpisodeRow[]> {
  const rows = await db
    .selectFrom('episodes')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('last_hour', '>=', fromHour)
    .orderBy('first_hour')
    .execute();
  return rows.map((row) => ({
    ...row,
    first_hour: number(row.first_hour),
    last_hour: number(row.last_hour),
  }));
}

export async function putEpisode(tx: Db, row: Insertable<EpisodesTable>): Promise<void> {
  const { id: _id, opened_at: _opened, ...columns } = row;
  await tx
    .insertInto('episodes')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

interface ActivityFilter {
  readonly trapId?: string | undefined;
  readonly group?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly state?: ActivityHoursTable['state'] | undefined;
}

/** Where a page of hours ended. */
interface ActivityCursor {
  readonly startMs: number;
  readonly trapId: string;
  readonly group: string;
}

/** Hours, newest first. */
export async function listActivity(db: Db, filter: ActivityFilter, limit: number, after?: ActivityCursor) {
  const rows = await db
    .selectFrom('activity_hours')
    .selectAll()
    .$if(filter.trapId !== undefined, (query) => query.where('trap_id', '=', filter.trapId as string))
    .$if(filter.group !== undefined, (query) => query.where('taxon_group', '=', filter.group as string))
    .$if(filter.fromMs !== undefined, (query) => query.where('start_ms', '>=', filter.fromMs as number))
    .$if(filter.toMs !== undefined, (query) => query.where('start_ms', '<', filter.toMs as number))
    .$if(filter.state !== undefined, (query) =>
      query.where('state', '=', filter.state as ActivityHoursTable['state']),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(start_ms, trap_id, taxon_group) < (${after?.startMs}, ${after?.trapId}, ${after?.group})`,
      ),
    )
    .orderBy('start_ms', 'desc')
    .orderBy('trap_id', 'desc')
    .orderBy('taxon_group', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, hour: number(row.hour), start_ms: number(row.start_ms) }));
}

interface EpisodeFilter extends Omit<ActivityFilter, 'state'> {
  readonly state?: EpisodesTable['state'] | undefined;
}

/** Where a page of episodes ended. */
interface EpisodeCursor {
  readonly startMs: number;
  readonly id: string;
}

/** Episodes, newest first. */
export async function listEpisodes(db: Db, filter: EpisodeFilter, limit: number, after?: EpisodeCursor) {
  const rows = await db
    .selectFrom('episodes')
    .selectAll()
    .$if(filter.trapId !== undefined, (query) => query.where('trap_id', '=', filter.trapId as string))
    .$if(filter.group !== undefined, (query) => query.where('taxon_group', '=', filter.group as string))
    .$if(filter.fromMs !== undefined, (query) => query.where('end_ms', '>', filter.fromMs as number))
    .$if(filter.toMs !== undefined, (query) => query.where('start_ms', '<', filter.toMs as number))
    .$if(filter.state !== undefined, (query) =>
      query.where('state', '=', filter.state as EpisodesTable['state']),
    )
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(start_ms, id) < (${after?.startMs}, ${after?.id})`),
    )
    .orderBy('start_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, start_ms: number(row.start_ms), end_ms: number(row.end_ms) }));
}
