import { type Insertable, type Selectable, sql } from 'kysely';
import { inChunks, number } from './keys.js';
import type { PointName } from './points.js';
import type { ActivityHoursTable, Db, EpisodesTable } from './schema.js';

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

/** The mark by which the time series follow an hour. */
export const activityPoint = (row: Pick<ActivityHour, 'trap_id' | 'taxon_group' | 'hour'>): PointName => ({
  kind: 'activity',
  trap_id: row.trap_id,
  item: `${row.hour}/${row.taxon_group}`,
});

/** These hours, as far as they are there, by the names of their points. */
export function activityNamed(db: Db, names: readonly PointName[]): Promise<ActivityHour[]> {
  if (!names.length) return Promise.resolve([]);
  const rows = names.map(({ trap_id, item }) => {
    const [hour, ...group] = item.split('/');
    return sql`(${trap_id}, ${group.join('/')}, ${sql.lit(Number(hour))})`;
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
