import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Updateable } from 'kysely';
import {
  Catalog,
  type Db,
  number,
  ofTraps,
  type TelemetryTable,
  type TrapsTable,
} from '../../libs/database/index.js';
import type { EditorField, Telemetry, Trap } from '../../libs/domain/index.js';

/** Notes that messages of traps were received; a trap that was not known is created. */
export async function touchTraps(db: Db, seen: ReadonlyMap<string, number>): Promise<void> {
  if (!seen.size) return;
  const rows = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
  await db
    .insertInto('traps')
    .values(
      rows.map(([trapId, atMs]) => ({
        trap_id: trapId,
        info: '{}',
        first_seen_at: atMs,
        last_message_at: atMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('trap_id').doUpdateSet({ last_message_at: sql`excluded.last_message_at` }),
    )
    .execute();
}

/** What changes of a trap; a field that is left out stays. */
export type TrapChange = Partial<
  Pick<
    Trap,
    | 'name'
    | 'timeZone'
    | 'ownZone'
    | 'place'
    | 'info'
    | 'state'
    | 'status'
    | 'stateAtMs'
    | 'lastMessageAtMs'
    | 'notes'
    | 'setByEditor'
  >
>;

/** Changes a trap; one that was not known is created. */
export async function updateTrap(db: Db, trapId: string, change: TrapChange, nowMs: number): Promise<void> {
  const columns = columnsOf(change);
  await db
    .insertInto('traps')
    .values({ trap_id: trapId, info: '{}', first_seen_at: nowMs, ...columns })
    .onConflict((conflict) =>
      Object.keys(columns).length
        ? conflict.column('trap_id').doUpdateSet(columns)
        : conflict.column('trap_id').doNothing(),
    )
    .execute();
}

/** In the order of their ids. */
export async function listTraps(db: Db): Promise<Trap[]> {
  const rows = await db.selectFrom('traps').selectAll().orderBy('trap_id').execute();
  return rows.map(toTrap);
}

/**
 * Stores telemetry; the same trap and time again replaces it.
 *
 * @param zoneRevision of the trap, with which its time was read
 */
export async function putTelemetry(
  db: Db,
  { trapId, atMs, clockSuspect, payload, receivedAtMs }: Telemetry,
  zoneRevision: number | null = null,
): Promise<void> {
  await db
    .insertInto('telemetry')
    .values({
      trap_id: trapId,
      at_ms: atMs,
      clock_suspect: clockSuspect ? 1 : 0,
      payload: JSON.stringify(payload),
      received_at: receivedAtMs,
      zone_revision: zoneRevision,
    })
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'at_ms']).doUpdateSet({
        clock_suspect: sql`excluded.clock_suspect`,
        payload: sql`excluded.payload`,
        received_at: sql`excluded.received_at`,
        zone_revision: sql`excluded.zone_revision`,
      }),
    )
    .execute();
}

/** Traps whose last status is online. */
export async function onlineTraps(db: Db): Promise<Pick<Trap, 'trapId' | 'status'>[]> {
  const rows = await db
    .selectFrom('traps')
    .select(['trap_id', 'status'])
    .where('state', '=', 'online')
    .execute();
  return rows.map((row) => ({ trapId: row.trap_id, status: parsed(row.status) }));
}

/**
 * Reads a trap and locks it until the transaction ends, so that its deployments do not change meanwhile. A trap that was
 * not known is created.
 */
export async function lockTrap(tx: Db, trapId: string, nowMs: number): Promise<Trap> {
  await tx
    .insertInto('traps')
    .values({ trap_id: trapId, info: '{}', first_seen_at: nowMs })
    .onConflict((conflict) => conflict.column('trap_id').doNothing())
    .execute();
  const row = await tx
    .updateTable('traps')
    .set({ info: sql`info` })
    .where('trap_id', '=', trapId)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toTrap(row);
}

/** Traps in the order of their ids, from the one behind `afterTrapId` on. */
export async function pageOfTraps(
  db: Db,
  limit: number,
  afterTrapId?: string,
  trapIds?: readonly string[],
): Promise<Trap[]> {
  const rows = await db
    .selectFrom('traps')
    .selectAll()
    .where(ofTraps('trap_id', trapIds))
    .$if(afterTrapId !== undefined, (query) => query.where('trap_id', '>', afterTrapId as string))
    .orderBy('trap_id')
    .limit(limit)
    .execute();
  return rows.map(toTrap);
}

export async function findTrap(db: Db, trapId: string): Promise<Trap | undefined> {
  const row = await db.selectFrom('traps').selectAll().where('trap_id', '=', trapId).executeTakeFirst();
  return row && toTrap(row);
}

export interface TelemetryFilter {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly beforeMs?: number | undefined;
}

/** What the API shows of traps. */
@Injectable()
export class TrapsRepository {
  constructor(private readonly catalog: Catalog) {}

  /** @param trapIds only these */
  page(limit: number, afterTrapId?: string, trapIds?: readonly string[]): Promise<Trap[]> {
    return pageOfTraps(this.catalog.reader, limit, afterTrapId, trapIds);
  }

  find(trapId: string): Promise<Trap | undefined> {
    return findTrap(this.catalog.reader, trapId);
  }

  /** Telemetry of a trap, newest first; without what a clock dates that cannot be right. */
  async telemetryOf(
    trapId: string,
    { fromMs, toMs, beforeMs }: TelemetryFilter,
    limit: number,
  ): Promise<Telemetry[]> {
    const rows = await this.catalog.reader
      .selectFrom('telemetry')
      .selectAll()
      .where('trap_id', '=', trapId)
      .where('clock_suspect', '=', 0)
      .$if(fromMs !== undefined, (query) => query.where('at_ms', '>=', fromMs as number))
      .$if(toMs !== undefined, (query) => query.where('at_ms', '<', toMs as number))
      .$if(beforeMs !== undefined, (query) => query.where('at_ms', '<', beforeMs as number))
      .orderBy('at_ms', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toTelemetry);
  }

  /**
   * The newest telemetry of each of these traps. That of a clock that cannot be right counts only where there is no
   * other, or a trap that was once in the year 2099 would never have newer telemetry.
   */
  async latestTelemetryOf(trapIds: readonly string[]): Promise<Telemetry[]> {
    if (!trapIds.length) return [];
    const newest = (condition = sql``) =>
      sql`(select t.at_ms from telemetry t where t.trap_id = traps.trap_id ${condition} order by t.at_ms desc limit 1)`;
    const rows = await this.catalog.reader
      .selectFrom('traps')
      .innerJoin('telemetry', 'telemetry.trap_id', 'traps.trap_id')
      .selectAll('telemetry')
      .where('traps.trap_id', 'in', trapIds)
      .where(sql<boolean>`telemetry.at_ms = coalesce(${newest(sql`and t.clock_suspect = 0`)}, ${newest()})`)
      .execute();
    return rows.map(toTelemetry);
  }

  /** Runs and stored crops of these traps; one without runs is left out. */
  async totalsOf(
    trapIds: readonly string[],
  ): Promise<{ readonly trapId: string; readonly runs: number; readonly crops: number }[]> {
    if (!trapIds.length) return [];
    const rows = await this.catalog.reader
      .selectFrom('runs')
      .select(['trap_id', sql<number>`count(*)`.as('runs'), sql<number>`sum(stored_crops)`.as('crops')])
      .where('trap_id', 'in', trapIds)
      .groupBy('trap_id')
      .execute();
    return rows.map((row) => ({ trapId: row.trap_id, runs: number(row.runs), crops: number(row.crops) }));
  }
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

/** Columns of the traps' table, as `set_by_editor` names them. */
const EDITOR_COLUMNS: Readonly<Record<EditorField, string>> = { name: 'name', timeZone: 'time_zone' };
const EDITOR_FIELDS = Object.keys(EDITOR_COLUMNS) as EditorField[];

const toTrap = (row: Selectable<TrapsTable>): Trap => {
  const byEditor = JSON.parse(row.set_by_editor ?? '[]') as string[];
  return {
    trapId: row.trap_id,
    name: row.name,
    timeZone: row.time_zone,
    ownZone: row.own_zone,
    zoneRevision: row.zone_revision,
    place:
      row.latitude === null || row.longitude === null
        ? null
        : { latitude: row.latitude, longitude: row.longitude },
    info: JSON.parse(row.info) as Record<string, unknown>,
    state: row.state,
    status: parsed(row.status),
    stateAtMs: millis(row.state_at),
    firstSeenAtMs: Number(row.first_seen_at),
    lastMessageAtMs: millis(row.last_message_at),
    notes: row.notes,
    setByEditor: EDITOR_FIELDS.filter((field) => byEditor.includes(EDITOR_COLUMNS[field])),
    removedAtMs: millis(row.removed_at),
  };
};

function columnsOf(change: TrapChange): Updateable<TrapsTable> {
  const { name, timeZone, ownZone, place, info, state, status, stateAtMs, lastMessageAtMs, notes } = change;
  return {
    ...(name !== undefined && { name }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(ownZone !== undefined && { own_zone: ownZone }),
    ...(place !== undefined && {
      latitude: place?.latitude ?? null,
      longitude: place?.longitude ?? null,
    }),
    ...(info !== undefined && { info: JSON.stringify(info) }),
    ...(state !== undefined && { state }),
    ...(status !== undefined && { status: status && JSON.stringify(status) }),
    ...(stateAtMs !== undefined && { state_at: stateAtMs }),
    ...(lastMessageAtMs !== undefined && { last_message_at: lastMessageAtMs }),
    ...(notes !== undefined && { notes }),
    ...(change.setByEditor && {
      set_by_editor: JSON.stringify(change.setByEditor.map((field) => EDITOR_COLUMNS[field]).sort()),
    }),
  };
}

const toTelemetry = (row: Selectable<TelemetryTable>): Telemetry => ({
  trapId: row.trap_id,
  atMs: row.at_ms,
  clockSuspect: row.clock_suspect === 1,
  payload: JSON.parse(row.payload) as Record<string, unknown>,
  receivedAtMs: row.received_at,
});

// PostgreSQL returns large numbers as text.
const millis = (value: number | null): number | null => (value === null ? null : Number(value));
const parsed = (text: string | null): Record<string, unknown> | null =>
  text === null ? null : (JSON.parse(text) as Record<string, unknown>);
