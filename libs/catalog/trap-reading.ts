import { sql } from 'kysely';
import { placeInTime } from '../domain/index.js';
import type { Catalog } from './catalog.js';
import { number } from './keys.js';
import type { Db } from './schema.js';

/** Traps in the order of their ids, from the one behind `afterTrapId` on. */
export function pageOfTraps(db: Db, limit: number, afterTrapId?: string) {
  return db
    .selectFrom('traps')
    .selectAll()
    .$if(afterTrapId !== undefined, (query) => query.where('trap_id', '>', afterTrapId as string))
    .orderBy('trap_id')
    .limit(limit)
    .execute();
}

export function findTrap(db: Db, trapId: string) {
  return db.selectFrom('traps').selectAll().where('trap_id', '=', trapId).executeTakeFirst();
}

/**
 * The newest reading of each of these traps. One with a clock that cannot be right counts only where there is no
 * other, or a trap that was once in the year 2099 would never have a newer one.
 */
export async function latestTelemetryOf(db: Db, trapIds: readonly string[]) {
  if (!trapIds.length) return [];
  const newest = (condition = sql``) =>
    sql`(select t.at_ms from telemetry t where t.trap_id = traps.trap_id ${condition} order by t.at_ms desc limit 1)`;
  return db
    .selectFrom('traps')
    .innerJoin('telemetry', 'telemetry.trap_id', 'traps.trap_id')
    .selectAll('telemetry')
    .where('traps.trap_id', 'in', trapIds)
    .where(sql<boolean>`telemetry.at_ms = coalesce(${newest(sql`and t.clock_suspect = 0`)}, ${newest()})`)
    .execute();
}

/** Runs and stored crops of these traps; one without runs is left out. */
export async function totalsOf(db: Db, trapIds: readonly string[]) {
  if (!trapIds.length) return [];
  const rows = await db
    .selectFrom('runs')
    .select(['trap_id', sql<number>`count(*)`.as('runs'), sql<number>`sum(stored_crops)`.as('crops')])
    .where('trap_id', 'in', trapIds)
    .groupBy('trap_id')
    .execute();
  return rows.map((row) => ({ trapId: row.trap_id, runs: number(row.runs), crops: number(row.crops) }));
}

export interface SessionFilter {
  readonly trapId?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Where a page of sessions ended. */
export interface SessionCursor {
  readonly atMs: number;
  readonly trapId: string;
  readonly sessionId: string;
}

const UNKNOWN_MS = sql.lit(placeInTime(undefined, 0));
/** The place of a session in the order of time, as that of runs. */
const SESSION_AT_MS = sql<number>`case when clock_suspect = 1 and time_from is null then received_at + ${UNKNOWN_MS}
  when start_ms is null then received_at else start_ms end`;

/** One session as `listSessions` gives it, or undefined. */
export async function listedSession(db: Db, trapId: string, sessionId: string) {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .select(SESSION_AT_MS.as('at_ms'))
    .where('trap_id', '=', trapId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row && { ...row, at_ms: number(row.at_ms) };
}

/**
 * Sessions, newest first: by their start, or by their receipt where the trap has not said it. Those of unknown time come
 * behind all others, by their receipt.
 */
export async function listSessions(db: Db, filter: SessionFilter, limit: number, after?: SessionCursor) {
  // No index: a trap has some sessions a day, so a season's are few, and every page costs the same look at them.
  const atMs = SESSION_AT_MS;
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .select(atMs.as('at_ms'))
    .$if(filter.trapId !== undefined, (query) => query.where('trap_id', '=', filter.trapId as string))
    .$if(filter.fromMs !== undefined || filter.toMs !== undefined, (query) =>
      query.where(atMs, '>=', Math.max(0, filter.fromMs ?? 0)),
    )
    .$if(filter.toMs !== undefined, (query) => query.where(atMs, '<', filter.toMs as number))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(${atMs}, trap_id, session_id) < (${after?.atMs}, ${after?.trapId}, ${after?.sessionId})`,
      ),
    )
    .orderBy('at_ms', 'desc')
    .orderBy('trap_id', 'desc')
    .orderBy('session_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, at_ms: number(row.at_ms) }));
}

/**
 * Asks the database a cheap question. Rejects where it does not answer.
 *
 * @returns whether it takes changes: a replica, and a PostgreSQL that was set so, can be read only
 */
export async function ping({ engine, reader }: Catalog): Promise<{ readonly isWritable: boolean }> {
  if (engine === 'sqlite') {
    await sql`select 1`.execute(reader);
    return { isWritable: true };
  }
  const { rows } = await sql<{ read_only: string }>`
    select current_setting('transaction_read_only') as read_only`.execute(reader);
  return { isWritable: rows[0]?.read_only !== 'on' };
}
