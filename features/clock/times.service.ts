import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog, type Db, withRetry } from '../../libs/database/index.js';
import { type Principal, seesExactPlaces } from '../accounts/index.js';
import { deviceIso, iso, isoOrNull, notFound } from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { findRun, lockKnownRun, runTimeFrom } from '../runs/index.js';
import { findSession, sessionTimeFrom, sessionTimes } from '../sessions/index.js';
import { rereadingOf } from './reread.js';
import { correctRun, type TimeCorrection } from './reread-runs.js';
import { correctSession } from './reread-times.js';
import { addStatedTime, type StatedTime, statedTimesOf } from './time-corrections.repository.js';
import type { TimeBody, TRUE_TIME } from './times.schema.js';

/** A run or a session. */
export type Timed = Pick<StatedTime, 'trapId' | 'kind' | 'item'>;

/** When runs and sessions truly took place. */
@Injectable()
export class TimesService {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @throws Problem 404 */
  async describe(what: Timed, user: Principal): Promise<z.output<typeof TRUE_TIME>> {
    const times = what.kind === 'run' ? await this.timesOfRun(what) : await this.timesOfSession(what);
    const history = await statedTimesOf(this.catalog.db, what);
    const exact = seesExactPlaces(user);
    return {
      ...times,
      history: history.map((stated) => ({
        id: stated.id,
        start: isoOrNull(stated.startMs),
        // Who stated it is shown to the same users as exact places.
        comment: exact ? stated.comment : null,
        ...(exact && { by: { kind: stated.byKind, name: stated.byName } }),
        at: iso(stated.atMs),
      })),
    };
  }

  /**
   * Applies what a person states about a true time. The runs of a session follow in the background.
   *
   * @param body undefined: what was stated before is withdrawn
   * @throws Problem 404
   */
  async correct(what: Timed, body: TimeBody | undefined, user: Principal) {
    const stated: StatedTime = {
      ...what,
      startMs: body?.start ?? null,
      comment: body?.comment ?? null,
      byKind: user.kind === 'user' ? 'user' : 'key',
      byName: user.name,
      atMs: Date.now(),
    };
    if (!(await withRetry(this.catalog.db, (tx) => this.apply(tx, stated)))) throw unknown(what);
    this.log.info({ by: user.name, ...what }, 'time corrected');
    return this.describe(what, user);
  }

  /** @returns false where there is no such run or session */
  private async apply(tx: Db, stated: StatedTime): Promise<boolean> {
    const { trapId, kind, item, startMs } = stated;
    const rereading = await rereadingOf(tx, trapId, this.config.timeZone, false);
    const correction: TimeCorrection | undefined = startMs === null ? undefined : { from: 'person', startMs };
    if (kind === 'run') {
      const run = await lockKnownRun(tx, { trapId, runId: item });
      if (!run) return false;
      await correctRun(tx, rereading, run, correction);
    } else {
      const session = await findSession(tx, trapId, item);
      if (!session) return false;
      await correctSession(tx, rereading, session, correction);
    }
    await addStatedTime(tx, stated);
    return true;
  }

  private async timesOfRun(what: Timed) {
    const run = await findRun(this.catalog.db, { trapId: what.trapId, runId: what.item });
    if (!run) throw unknown(what);
    return {
      start: deviceIso(run.startMs, run.startSent),
      end: deviceIso(run.endMs, run.endSent),
      said: { start: run.startSent, end: run.endSent },
      clockSuspect: run.clockSuspect,
      timeFrom: runTimeFrom(run),
      clockShiftS: secondsOrNull(run.clockShiftMs),
    };
  }

  private async timesOfSession(what: Timed) {
    const session = await findSession(this.catalog.db, what.trapId, what.item);
    if (!session) throw unknown(what);
    const { start, end, sent } = sessionTimes(session);
    return {
      start,
      end,
      said: { start: sent.start ?? null, end: sent.end ?? null },
      clockSuspect: session.clockSuspect,
      timeFrom: sessionTimeFrom(session),
      clockShiftS: session.timeFrom === null ? null : secondsOrNull(session.clockShiftMs),
    };
  }
}

const secondsOrNull = (ms: number | null): number | null => (ms === null ? null : Number(ms) / 1000);

const unknown = ({ kind, trapId, item }: Timed) => notFound(`There is no ${kind} ${item} of trap ${trapId}.`);
