import type { Selectable } from 'kysely';
import type { Db, TimeCorrectionsTable } from '../../libs/database/index.js';
import type { Run, RunId } from '../../libs/domain/index.js';
import { lockKnownRun } from '../runs/index.js';
import { findSession, markSessionDueIfKnown } from '../sessions/index.js';
import { rereadingOf } from './reread.js';
import { correctRun, rereadRun, type TimeCorrection } from './reread-runs.js';
import { correctSession } from './reread-times.js';

export type TimeCorrectionRow = Selectable<TimeCorrectionsTable>;

/** What a person says of the true time of a run or a session. */
type SaidTime = Pick<
  TimeCorrectionRow,
  'trap_id' | 'kind' | 'item' | 'start_ms' | 'comment' | 'by_kind' | 'by_name' | 'at_ms'
>;

/** All that people said of the true time of a run or session, oldest first. */
export const timeCorrectionsOf = (
  db: Db,
  { trap_id, kind, item }: Pick<TimeCorrectionRow, 'trap_id' | 'kind' | 'item'>,
): Promise<TimeCorrectionRow[]> =>
  db
    .selectFrom('time_corrections')
    .selectAll()
    .where('trap_id', '=', trap_id)
    .where('kind', '=', kind)
    .where('item', '=', item)
    .orderBy('correction_id')
    .execute();

/**
 * Takes down what a person says of a true time, and lets it hold at once. The runs of a session follow it in the background.
 *
 * @returns false where there is no such run or session
 */
export async function correctTime(tx: Db, said: SaidTime, defaultZone: string): Promise<boolean> {
  const { trap_id: trapId, kind, item, start_ms: startMs } = said;
  const rereading = await rereadingOf(tx, trapId, defaultZone, false);
  const correction: TimeCorrection | undefined = startMs === null ? undefined : { from: 'person', startMs };
  if (kind === 'run') {
    const row = await lockKnownRun(tx, { trapId, runId: item } satisfies RunId);
    if (!row) return false;
    await correctRun(tx, rereading, row, correction);
  } else {
    const session = await findSession(tx, trapId, item);
    if (!session) return false;
    await correctSession(tx, rereading, session, correction);
  }
  const history = await timeCorrectionsOf(tx, said);
  const correction_id = (history.at(-1)?.correction_id ?? 0) + 1;
  await tx
    .insertInto('time_corrections')
    .values({ ...said, correction_id })
    .execute();
  return true;
}

/**
 * A length that no visit has: in a night when clocks go back, the other pass is meant.
 *
 * @param run locked by the caller
 */
export async function readPasses(tx: Db, run: Run, defaultZone: string): Promise<void> {
  await rereadRun(tx, await rereadingOf(tx, run.trapId, defaultZone, false), run);
}

/** More of a corrected run has come: its correction holds for that, too. */
export async function correctAgain(tx: Db, run: Run, defaultZone: string): Promise<void> {
  const { timeFrom: from, startMs, clockShiftMs: shiftMs } = run;
  if (from === null) return;
  const byStart = (from === 'person' && startMs !== null) || shiftMs === null;
  const correction = byStart ? { from, startMs: startMs ?? run.placeMs } : { from, shiftMs };
  await correctRun(tx, await rereadingOf(tx, run.trapId, defaultZone, false), run, correction);
}

/** A session is told of once more: a true time that is known of it stays, and its runs are due to follow. */
export async function followSessionMessage(
  tx: Db,
  trapId: string,
  sessionId: string,
  defaultZone: string,
): Promise<void> {
  await markSessionDueIfKnown(tx, trapId, sessionId);
  const session = await findSession(tx, trapId, sessionId);
  if (!session || session.timeFrom === null || session.clockShiftMs === null) return;
  const correction = { from: session.timeFrom, shiftMs: session.clockShiftMs };
  await correctSession(tx, await rereadingOf(tx, trapId, defaultZone, false), session, correction);
}
