import { sql } from 'kysely';
import type { Db, PointsTable } from '../../libs/database/index.js';
import {
  activityPoint,
  enqueuePoints,
  eventPoint,
  lockSenders,
  type PointName,
  runPoint,
  telemetryPoint,
} from './points.repository.js';

/** What of the catalog is not queued yet: everything that has changed since, except what lies before the cursor. */
interface Past {
  readonly sinceMs: number;
  readonly after?: PointName;
}

const PAGE = 2000;
/** The clock of the machine may have been set back a little since. */
const MARGIN_MS = 3_600_000;
const KINDS: readonly PointsTable['kind'][] = ['run', 'reading', 'event', 'activity'];

/** From now on nothing is queued: there is no InfluxDB. A later start that has one queues what has changed from here on. */
export async function stopQueueing(db: Db, nowMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const past = await lockPast(tx);
    await writePast(tx, { sinceMs: past ? past.sinceMs : nowMs - MARGIN_MS });
  });
}

/** Queues everything once more, from the beginning. */
export const enqueueEverything = (db: Db): Promise<void> => writePast(db, { sinceMs: 0 });

/**
 * Queues what has changed, for callers that do not know whether there is an InfluxDB. While nothing of the past is queued
 * yet, nothing need be: a process with an InfluxDB finds what has changed by its time.
 */
export async function enqueueForSender(tx: Db, names: readonly PointName[]): Promise<void> {
  const past = await lockPast(tx);
  if (past && !past.after) return;
  await enqueuePoints(tx, names);
}

/** Queues a page of what is not queued yet, and remembers how far it came. */
export async function enqueuePast(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockSenders(tx);
    const past = await lockPast(tx);
    if (!past) return;
    const kind = past.after?.kind ?? 'run';
    const page = await pageOf(tx, kind, past);
    await enqueuePoints(tx, page);
    const last = page.at(-1);
    if (last && page.length === PAGE) await writePast(tx, { ...past, after: last });
    else {
      const next = KINDS[KINDS.indexOf(kind) + 1];
      if (next) await writePast(tx, { ...past, after: { kind: next, trapId: '', item: '' } });
      else await tx.deleteFrom('point_state').where('name', '=', 'past').execute();
    }
  });
}

/** Whether some of the past is not queued yet. */
export const hasUnqueuedPast = async (db: Db): Promise<boolean> => (await readPast(db)) !== undefined;

function pageOf(db: Db, kind: PointsTable['kind'], { sinceMs, after }: Past): Promise<PointName[]> {
  const [trapId, item] = [after?.trapId ?? '', after?.item ?? ''];
  if (kind === 'run') return runsAfter(db, sinceMs, trapId, item);
  if (kind === 'reading') return telemetryAfter(db, sinceMs, trapId, Number(item || Number.MIN_SAFE_INTEGER));
  if (kind === 'event') return eventsAfter(db, trapId, item);
  return hoursAfter(db, trapId, item);
}

async function runsAfter(db: Db, sinceMs: number, trapId: string, runId: string): Promise<PointName[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['trap_id', 'run_id'])
    .where(sql<boolean>`(trap_id, run_id) > (${trapId}, ${runId})`)
    .where(sql<boolean>`(model is not null or exists (select 1 from reviews r where ${of('r')}))`)
    .$if(sinceMs > 0, (query) =>
      query.where(
        sql<boolean>`(last_received_at >= ${sinceMs} or exists (select 1 from observations o where ${of('o')} and o.observed_at >= ${sinceMs})
          or exists (select 1 from reviews r where ${of('r')} and r.at_ms >= ${sinceMs}))`,
      ),
    )
    .orderBy('trap_id')
    .orderBy('run_id')
    .limit(PAGE)
    .execute();
  return rows.map((row) => runPoint({ trapId: row.trap_id, runId: row.run_id }));
}

const of = (table: string) =>
  sql`${sql.ref(`${table}.trap_id`)} = runs.trap_id and ${sql.ref(`${table}.run_id`)} = runs.run_id`;

async function telemetryAfter(db: Db, sinceMs: number, trapId: string, atMs: number): Promise<PointName[]> {
  const rows = await db
    .selectFrom('telemetry')
    .select(['trap_id', 'at_ms'])
    .where(sql<boolean>`(trap_id, at_ms) > (${trapId}, ${sql.lit(atMs)})`)
    .where('received_at', '>=', sinceMs)
    .orderBy('trap_id')
    .orderBy('at_ms')
    .limit(PAGE)
    .execute();
  return rows.map((row) => telemetryPoint(row.trap_id, Number(row.at_ms)));
}

/** Events have no time of receipt and are few: all of them, every time. */
async function eventsAfter(db: Db, trapId: string, item: string): Promise<PointName[]> {
  const [kind = '', ...rest] = item.split('/');
  const rows = await db
    .selectFrom('trap_events')
    .select(['trap_id', 'kind', 'item'])
    .where(sql<boolean>`(trap_id, kind, item) > (${trapId}, ${kind}, ${rest.join('/')})`)
    .orderBy('trap_id')
    .orderBy('kind')
    .orderBy('item')
    .limit(PAGE)
    .execute();
  return rows.map(eventPoint);
}

/** Hours that are judged again have no time of that: all of them, every time. */
async function hoursAfter(db: Db, trapId: string, item: string): Promise<PointName[]> {
  const [hour = '', ...group] = item.split('/');
  const rows = await db
    .selectFrom('activity_hours')
    .select(['trap_id', 'taxon_group', 'hour'])
    .where(
      sql<boolean>`(trap_id, hour, taxon_group) > (${trapId}, ${sql.lit(Number(hour))}, ${group.join('/')})`,
    )
    .where('state', '=', 'judged')
    .orderBy('trap_id')
    .orderBy('hour')
    .orderBy('taxon_group')
    .limit(PAGE)
    .execute();
  return rows.map((row) =>
    activityPoint({ trapId: row.trap_id, group: row.taxon_group, hour: Number(row.hour) }),
  );
}

async function readPast(db: Db): Promise<Past | undefined> {
  const row = await db
    .selectFrom('point_state')
    .select('value')
    .where('name', '=', 'past')
    .executeTakeFirst();
  return row && (JSON.parse(row.value) as Past);
}

/** Reads it and locks it until the transaction ends: a rebuild that begins meanwhile must not be overwritten. */
async function lockPast(tx: Db): Promise<Past | undefined> {
  const row = await tx
    .updateTable('point_state')
    .set({ value: sql`value` })
    .where('name', '=', 'past')
    .returning('value')
    .executeTakeFirst();
  return row && (JSON.parse(row.value) as Past);
}

async function writePast(db: Db, past: Past): Promise<void> {
  const value = JSON.stringify(past);
  await db
    .insertInto('point_state')
    .values({ name: 'past', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
