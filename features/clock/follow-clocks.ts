import type { Catalog, Db } from '../../libs/database/index.js';
import {
  type Heard,
  type Run,
  type RunId,
  type Session,
  shiftByNeighbours,
  shiftIntoWindow,
} from '../../libs/domain/index.js';
import { lockKnownRun } from '../runs/index.js';
import { findDueSession, findSession, markSessionDue, takeDueSession } from '../sessions/index.js';
import {
  groupsOfUnknownTime,
  type RunGroup,
  runsBehind,
  telemetryNear,
  unknownRuns,
} from './clock.repository.js';
import { type ClockRereading, rereadingOf } from './reread.js';
import { correctRun, saidTimes, type TimeCorrection } from './reread-runs.js';
import { correctSession, sentTimes } from './reread-times.js';

const RUNS_AT_ONCE = 25;

/** Runs of unknown time that belong together, and what the last look at them saw. */
const looked = new WeakMap<Catalog, Map<string, string>>();

/**
 * One step of finding the true time of what a wrong clock has said: runs follow the true time of their session, and where
 * none is known, other messages of the same clock may tell it. What is left to do stands in the rows.
 *
 * @returns whether there may be more to do
 */
export async function followClocks(
  catalog: Catalog,
  defaultZone: string,
  marksPoints: boolean,
): Promise<boolean> {
  if (await followSession(catalog, defaultZone, marksPoints)) return true;
  return findTimes(catalog, defaultZone, marksPoints);
}

async function followSession(
  { db, reader }: Catalog,
  defaultZone: string,
  marksPoints: boolean,
): Promise<boolean> {
  const due = await findDueSession(reader);
  if (!due) return false;
  await db.transaction().execute(async (tx) => {
    const session = await takeDueSession(tx, due);
    if (!session) return;
    const rereading = await rereadingOf(tx, session.trapId, defaultZone, marksPoints);
    const behind = await runsBehind(tx, session, RUNS_AT_ONCE);
    for (const run of behind) await correctHeld(tx, rereading, run, correctionBy(session));
    if (behind.length === RUNS_AT_ONCE) await markSessionDue(tx, session);
  });
  return true;
}

function correctionBy({ timeFrom, clockShiftMs: shiftMs }: Session): TimeCorrection | undefined {
  if (shiftMs === null) return undefined;
  return { from: timeFrom === 'neighbours' ? 'neighbours' : 'session', shiftMs };
}

async function correctHeld(
  tx: Db,
  rereading: ClockRereading,
  run: RunId,
  correction: TimeCorrection | undefined,
): Promise<void> {
  const known = await lockKnownRun(tx, run);
  if (known && known.timeFrom !== 'person') await correctRun(tx, rereading, known, correction);
}

/** Looks whether anything tells the time of runs of unknown time: once, and again when more has come of them. */
async function findTimes(catalog: Catalog, defaultZone: string, marksPoints: boolean): Promise<boolean> {
  const groups = await groupsOfUnknownTime(catalog.reader);
  const before = looked.get(catalog) ?? new Map<string, string>();
  const now = new Map(groups.map((group) => [groupKey(group), group.seen]));
  const changed = groups.find((group) => before.get(groupKey(group)) !== group.seen);
  for (const key of before.keys()) if (!now.has(key)) before.delete(key);
  looked.set(catalog, before);
  if (!changed) return false;
  before.set(groupKey(changed), changed.seen);
  await catalog.db.transaction().execute(async (tx) => {
    const rereading = await rereadingOf(tx, changed.trapId, defaultZone, marksPoints);
    if (changed.sessionId === null) await findTimesAlone(tx, rereading);
    else await findTimeOfSession(tx, rereading, changed.sessionId);
  });
  return true;
}

const groupKey = ({ trapId, sessionId }: RunGroup): string => `${trapId}/${sessionId ?? ''}`;

async function findTimeOfSession(tx: Db, rereading: ClockRereading, sessionId: string): Promise<void> {
  const { trapId } = rereading;
  const runs = await unknownRuns(tx, trapId, sessionId);
  const session = await findSession(tx, trapId, sessionId);
  const own = runs.flatMap((run) => heardOf(run, rereading));
  const correction = correctionFrom(session, own) ?? (await byNeighbours(tx, rereading, session, own));
  if (!correction) return;
  if (session?.clockSuspect) await correctSession(tx, rereading, session, correction);
  else for (const run of runs) await correctHeld(tx, rereading, run, correction);
}

/** The session knows its own true time, or took back what it had said. */
function correctionFrom(session: Session | undefined, own: readonly Heard[]): TimeCorrection | undefined {
  if (!session) return undefined;
  const known = correctionBy(session);
  if (known) return known;
  if (session.clockSuspect || session.startMs === null) return undefined;
  const window = { fromMs: session.startMs, toMs: session.endMs ?? undefined };
  const shiftMs = shiftIntoWindow(own, window);
  return shiftMs === undefined ? undefined : { from: 'session', shiftMs };
}

async function byNeighbours(
  tx: Db,
  rereading: ClockRereading,
  session: Session | undefined,
  own: readonly Heard[],
): Promise<TimeCorrection | undefined> {
  const witnesses = session?.clockSuspect ? [...own, ...heardOfSession(session, rereading)] : own;
  const shiftMs = shiftByNeighbours(witnesses, await telemetryNear(tx, rereading.trapId, witnesses));
  return shiftMs === undefined ? undefined : { from: 'neighbours', shiftMs };
}

/** Runs that name no session: each by itself, with the readings of its trap as neighbours. */
async function findTimesAlone(tx: Db, rereading: ClockRereading): Promise<void> {
  for (const run of await unknownRuns(tx, rereading.trapId, null)) {
    const own = heardOf(run, rereading);
    const shiftMs = shiftByNeighbours(own, await telemetryNear(tx, rereading.trapId, own));
    if (shiftMs !== undefined) await correctHeld(tx, rereading, run, { from: 'neighbours', shiftMs });
  }
}

/** The quicker of its messages: that of its end, or the first of all. */
function heardOf(run: Run, rereading: ClockRereading): Heard[] {
  const { start, end } = saidTimes(run, rereading);
  const heard = [
    ...(start?.clockSuspect ? [{ saidMs: start.utcMs, receivedAtMs: run.firstReceivedAtMs }] : []),
    ...(end?.clockSuspect && run.endReceivedAtMs !== null
      ? [{ saidMs: end.utcMs, receivedAtMs: run.endReceivedAtMs }]
      : []),
  ];
  return heard.sort((a, b) => a.receivedAtMs - a.saidMs - (b.receivedAtMs - b.saidMs)).slice(0, 1);
}

function heardOfSession(session: Session, rereading: ClockRereading): Heard[] {
  const { start, end } = sentTimes(session, rereading);
  const said = end ?? start;
  return said?.clockSuspect ? [{ saidMs: said.utcMs, receivedAtMs: session.receivedAtMs }] : [];
}
