import { sql } from 'kysely';
import { number } from './keys.js';
import type { ActivityHoursTable, Db, EpisodesTable } from './schema.js';

export interface ActivityFilter {
  readonly trapId?: string | undefined;
  readonly group?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly state?: ActivityHoursTable['state'] | undefined;
}

/** Where a page of hours ended. */
export interface ActivityCursor {
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

export interface EpisodeFilter extends Omit<ActivityFilter, 'state'> {
  readonly state?: EpisodesTable['state'] | undefined;
}

/** Where a page of episodes ended. */
export interface EpisodeCursor {
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
