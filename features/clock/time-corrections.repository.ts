import type { Selectable } from 'kysely';
import type { Db, TimeCorrectionsTable } from '../../libs/database/index.js';

/** What a person stated about the true time of a run or a session. */
export interface StatedTime {
  readonly trapId: string;
  readonly kind: 'run' | 'session';
  /** The id of the run or session. */
  readonly item: string;
  /** Null: an earlier statement is withdrawn. */
  readonly startMs: number | null;
  readonly comment: string | null;
  readonly byKind: 'user' | 'key';
  readonly byName: string;
  readonly atMs: number;
}

/** Counted from 1 for each run and session. */
interface Numbered {
  readonly id: number;
}

/** Everything that people stated about the true time of a run or session, oldest first. */
export async function statedTimesOf(
  db: Db,
  { trapId, kind, item }: Pick<StatedTime, 'trapId' | 'kind' | 'item'>,
): Promise<(StatedTime & Numbered)[]> {
  const rows = await db
    .selectFrom('time_corrections')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('kind', '=', kind)
    .where('item', '=', item)
    .orderBy('correction_id')
    .execute();
  return rows.map(toStatedTime);
}

export async function addStatedTime(tx: Db, stated: StatedTime): Promise<void> {
  const earlier = await statedTimesOf(tx, stated);
  await tx
    .insertInto('time_corrections')
    .values({
      trap_id: stated.trapId,
      kind: stated.kind,
      item: stated.item,
      correction_id: (earlier.at(-1)?.id ?? 0) + 1,
      start_ms: stated.startMs,
      comment: stated.comment,
      by_kind: stated.byKind,
      by_name: stated.byName,
      at_ms: stated.atMs,
    })
    .execute();
}

const toStatedTime = (row: Selectable<TimeCorrectionsTable>): StatedTime & Numbered => ({
  id: row.correction_id,
  trapId: row.trap_id,
  kind: row.kind,
  item: row.item,
  startMs: row.start_ms,
  comment: row.comment,
  byKind: row.by_kind,
  byName: row.by_name,
  atMs: row.at_ms,
});
