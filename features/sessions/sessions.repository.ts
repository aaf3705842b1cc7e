import { sql } from 'kysely';
import { type Db, number } from '../../libs/database/index.js';
import { SESSION_AT_MS, type SessionCursor, type SessionFilter } from '../traps/index.js';

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
