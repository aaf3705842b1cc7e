import { sql } from 'kysely';
import type { Db } from './schema.js';

/** These traps, in no order. */
export async function trapsOf(db: Db, trapIds: readonly string[]) {
  if (!trapIds.length) return [];
  return db.selectFrom('traps').selectAll().where('trap_id', 'in', trapIds).execute();
}

/** The sessions that these runs name, as far as their traps have told of them. */
export async function sessionsOfRuns(
  db: Db,
  runs: readonly { readonly trap_id: string; readonly session_id: string | null }[],
) {
  const named = new Map(
    runs
      .filter((run) => run.session_id !== null)
      .map(({ trap_id, session_id }) => [`${trap_id}/${session_id}`, sql`(${trap_id}, ${session_id})`]),
  );
  if (!named.size) return [];
  return db
    .selectFrom('sessions')
    .select(['trap_id', 'session_id', 'start_ms', 'end_ms', 'minutes', 'payload'])
    .where(sql<boolean>`(trap_id, session_id) in (values ${sql.join([...named.values()])})`)
    .execute();
}
