import type { Db } from '../../libs/database/index.js';
import type { Run } from '../../libs/domain/index.js';
import { findSession, markSessionDueIfKnown } from '../sessions/index.js';
import { rereadingOf } from './reread.js';
import { correctRun, rereadRun } from './reread-runs.js';
import { correctSession } from './reread-times.js';

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
