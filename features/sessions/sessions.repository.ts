import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Catalog, type Db, ofTraps, type SessionsTable } from '../../libs/database/index.js';
import { placeInTime, type Run, type Session } from '../../libs/domain/index.js';

type Row = Selectable<SessionsTable>;

export interface SessionFilter {
  readonly trapIds?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** Where a page of sessions ended: place in time, trap, session. */
export type SessionCursor = readonly [placeMs: number, trapId: string, sessionId: string];

const UNKNOWN_MS = sql.lit(placeInTime(undefined, 0));
/** `sessionPlace` as the database computes it. */
const PLACE_MS = sql<number>`case when clock_suspect = 1 and time_from is null then received_at + ${UNKNOWN_MS}
  when start_ms is null then received_at else start_ms end`;

@Injectable()
export class SessionsRepository {
  constructor(private readonly catalog: Catalog) {}

  list(filter: SessionFilter, limit: number, after?: SessionCursor): Promise<Session[]> {
    return listSessions(this.catalog.reader, filter, limit, after);
  }
}

/**
 * Sessions, newest first: by their start, or by their receipt if the trap has not sent it. Those of unknown time come
 * after all others, by their receipt.
 */
export async function listSessions(
  db: Db,
  filter: SessionFilter,
  limit: number,
  after?: SessionCursor,
): Promise<Session[]> {
  // No index: a trap has some sessions a day, so a season's are few, and every page costs the same scan of them.
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where(ofTraps('trap_id', filter.trapIds))
    .$if(filter.fromMs !== undefined || filter.toMs !== undefined, (query) =>
      query.where(PLACE_MS, '>=', Math.max(0, filter.fromMs ?? 0)),
    )
    .$if(filter.toMs !== undefined, (query) => query.where(PLACE_MS, '<', filter.toMs as number))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(${PLACE_MS}, trap_id, session_id) < (${after?.[0]}, ${after?.[1]}, ${after?.[2]})`,
      ),
    )
    .orderBy(PLACE_MS, 'desc')
    .orderBy('trap_id', 'desc')
    .orderBy('session_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toSession);
}

export async function findSession(db: Db, trapId: string, sessionId: string): Promise<Session | undefined> {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row && toSession(row);
}

/** The sessions that these runs name, as far as their traps have sent them. */
export async function sessionsOfRuns(
  db: Db,
  runs: readonly Pick<Run, 'trapId' | 'sessionId'>[],
): Promise<Session[]> {
  const named = new Map(
    runs
      .filter(({ sessionId }) => sessionId !== null)
      .map(({ trapId, sessionId }) => [`${trapId}/${sessionId}`, sql`(${trapId}, ${sessionId})`]),
  );
  if (!named.size) return [];
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where(sql<boolean>`(trap_id, session_id) in (values ${sql.join([...named.values()])})`)
    .execute();
  return rows.map(toSession);
}

/** Sessions of a trap that were read with an earlier `zone_revision`. */
export async function sessionsReadBefore(
  tx: Db,
  trapId: string,
  zoneRevision: number,
  limit: number,
): Promise<Session[]> {
  const rows = await tx
    .selectFrom('sessions')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('zone_revision', '<', zoneRevision)
    .orderBy('zone_revision')
    .orderBy('session_id')
    .limit(limit)
    .execute();
  return rows.map(toSession);
}

/**
 * A session is sent at its start and again at its end: the later message wins field by field, and times that it leaves
 * out stay. How its true time is known stays, too.
 */
export async function putSession(tx: Db, session: Omit<Session, 'timeFrom'>): Promise<void> {
  await tx
    .insertInto('sessions')
    .values({ ...toRow(session), time_from: null })
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'session_id']).doUpdateSet({
        start_ms: sql`coalesce(excluded.start_ms, sessions.start_ms)`,
        end_ms: sql`coalesce(excluded.end_ms, sessions.end_ms)`,
        offset_min: sql`coalesce(excluded.offset_min, sessions.offset_min)`,
        minutes: sql`coalesce(excluded.minutes, sessions.minutes)`,
        clock_suspect: sql`excluded.clock_suspect`,
        payload: sql`excluded.payload`,
        received_at: sql`excluded.received_at`,
        zone_revision: sql`excluded.zone_revision`,
        clock_shift_ms: sql`coalesce(excluded.clock_shift_ms, sessions.clock_shift_ms)`,
      }),
    )
    .execute();
}

/** @param ifUnchanged only if no later message of it has come since `before` was read */
export async function setSessionTimes(
  tx: Db,
  before: Session,
  times: Pick<
    Session,
    'startMs' | 'endMs' | 'offsetMin' | 'clockSuspect' | 'clockShiftMs' | 'timeFrom' | 'zoneRevision'
  >,
  { ifUnchanged = false }: { readonly ifUnchanged?: boolean } = {},
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({
      start_ms: times.startMs,
      end_ms: times.endMs,
      offset_min: times.offsetMin,
      clock_suspect: times.clockSuspect ? 1 : 0,
      clock_shift_ms: times.clockShiftMs,
      time_from: times.timeFrom,
      zone_revision: times.zoneRevision,
    })
    .where('trap_id', '=', before.trapId)
    .where('session_id', '=', before.sessionId)
    .$if(ifUnchanged, (query) => query.where('payload', '=', JSON.stringify(before.payload)))
    .execute();
}

/** Notes that the runs of a session may have to follow its true time. */
export async function markSessionDue(
  tx: Db,
  { trapId, sessionId }: Pick<Session, 'trapId' | 'sessionId'>,
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ time_due: 1 })
    .where('trap_id', '=', trapId)
    .where('session_id', '=', sessionId)
    .execute();
}

/** Notes the same where the true time of the session is known. */
export async function markSessionDueIfKnown(tx: Db, trapId: string, sessionId: string): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ time_due: 1 })
    .where('trap_id', '=', trapId)
    .where('session_id', '=', sessionId)
    .where(sql<boolean>`(time_from is not null or clock_shift_ms is not null)`)
    .execute();
}

/** A session whose runs may have to follow its true time. */
export async function findDueSession(db: Db): Promise<Pick<Session, 'trapId' | 'sessionId'> | undefined> {
  const row = await db
    .selectFrom('sessions')
    .select(['trap_id', 'session_id'])
    .where('time_due', '=', sql.lit(1))
    .limit(1)
    .executeTakeFirst();
  return row && { trapId: row.trap_id, sessionId: row.session_id };
}

/** Takes the note away, and locks the session until the transaction ends. */
export async function takeDueSession(
  tx: Db,
  { trapId, sessionId }: Pick<Session, 'trapId' | 'sessionId'>,
): Promise<Session | undefined> {
  const row = await tx
    .updateTable('sessions')
    .set({ time_due: 0 })
    .where('trap_id', '=', trapId)
    .where('session_id', '=', sessionId)
    .returningAll()
    .executeTakeFirst();
  return row && toSession(row);
}

const toSession = (row: Row): Session => ({
  trapId: row.trap_id,
  sessionId: row.session_id,
  startMs: row.start_ms,
  endMs: row.end_ms,
  offsetMin: row.offset_min,
  reportedMinutes: row.minutes,
  clockSuspect: row.clock_suspect === 1,
  clockShiftMs: row.clock_shift_ms,
  timeFrom: row.time_from,
  payload: JSON.parse(row.payload) as Record<string, unknown>,
  receivedAtMs: row.received_at,
  zoneRevision: row.zone_revision,
});

const toRow = (session: Omit<Session, 'timeFrom'>) => ({
  trap_id: session.trapId,
  session_id: session.sessionId,
  start_ms: session.startMs,
  end_ms: session.endMs,
  offset_min: session.offsetMin,
  minutes: session.reportedMinutes,
  clock_suspect: session.clockSuspect ? (1 as const) : (0 as const),
  clock_shift_ms: session.clockShiftMs,
  payload: JSON.stringify(session.payload),
  received_at: session.receivedAtMs,
  zone_revision: session.zoneRevision,
});
