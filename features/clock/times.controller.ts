import { Body, Controller, Delete, Get, Inject, Param, Put } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog, withRetry } from '../../libs/database/index.js';
import { CurrentUser, MinRole, type Principal, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, deviceIso, id, iso, isoOrNull, json, notFound } from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { findRun, RUN_PARAMS, runTimeFrom } from '../runs/index.js';
import { findSession, sessionTimeFrom, sessionTimes } from '../sessions/index.js';
import { correctTime, type TimeCorrectionRow, timeCorrectionsOf } from './time-corrections.js';
import { EXAMPLE_TRUE_TIME, TIME_BODY, type TimeBody, TRUE_TIME } from './times.schema.js';

const SESSION_PARAMS = z.object({ trapId: id(), sessionId: id() });
const ANSWERS = { 200: json(TRUE_TIME, EXAMPLE_TRUE_TIME) };
const BODY = { example: { start: '2026-06-01T10:00:00+02:00', comment: 'I switched it on at ten.' } };

type Kind = TimeCorrectionRow['kind'];
interface Item {
  readonly kind: Kind;
  readonly trapId: string;
  readonly item: string;
}

/** When runs and sessions truly took place: people correct what a wrong clock has said. Nothing of it is ever lost. */
@Controller('api/v1')
export class TimesController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @ApiDoc({ tag: 'Reading', summary: 'When a run took place, and how that is known', answers: ANSWERS })
  @Get('runs/:trapId/:runId/time')
  async ofRun(
    @Param({ schema: RUN_PARAMS }) { trapId, runId }: z.output<typeof RUN_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.show({ kind: 'run', trapId, item: runId }, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Say when a run truly began',
    description:
      'Its end and the times of its pictures move by the same. Counts, statistics, time series and exports follow; the text that the trap sent is kept.',
    body: BODY,
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Put('runs/:trapId/:runId/time')
  async putRun(
    @Param({ schema: RUN_PARAMS }) { trapId, runId }: z.output<typeof RUN_PARAMS>,
    @Body({ schema: TIME_BODY }) body: TimeBody,
    @CurrentUser() user: Principal,
  ) {
    return this.say({ kind: 'run', trapId, item: runId }, body, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: "Take back what was said of a run's true time",
    description: 'A row of the history itself. What else is known of its time counts again.',
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Delete('runs/:trapId/:runId/time')
  async deleteRun(
    @Param({ schema: RUN_PARAMS }) { trapId, runId }: z.output<typeof RUN_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.say({ kind: 'run', trapId, item: runId }, undefined, user);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'When a session took place, and how that is known',
    answers: ANSWERS,
  })
  @Get('sessions/:trapId/:sessionId/time')
  async ofSession(
    @Param({ schema: SESSION_PARAMS }) { trapId, sessionId }: z.output<typeof SESSION_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.show({ kind: 'session', trapId, item: sessionId }, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: 'Say when a session truly began',
    description:
      'All runs of the session whose clock was as wrong follow within seconds, also those that come later; a run of which a person has said the true time does not.',
    body: BODY,
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Put('sessions/:trapId/:sessionId/time')
  async putSession(
    @Param({ schema: SESSION_PARAMS }) { trapId, sessionId }: z.output<typeof SESSION_PARAMS>,
    @Body({ schema: TIME_BODY }) body: TimeBody,
    @CurrentUser() user: Principal,
  ) {
    return this.say({ kind: 'session', trapId, item: sessionId }, body, user);
  }

  @ApiDoc({
    tag: 'Reviews',
    summary: "Take back what was said of a session's true time",
    answers: ANSWERS,
  })
  @MinRole('editor')
  @Delete('sessions/:trapId/:sessionId/time')
  async deleteSession(
    @Param({ schema: SESSION_PARAMS }) { trapId, sessionId }: z.output<typeof SESSION_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    return this.say({ kind: 'session', trapId, item: sessionId }, undefined, user);
  }

  private async say(what: Item, body: TimeBody | undefined, user: Principal) {
    const { timeZone } = this.config;
    const said = {
      trap_id: what.trapId,
      kind: what.kind,
      item: what.item,
      start_ms: body?.start ?? null,
      comment: body?.comment ?? null,
      by_kind: user.kind === 'user' ? ('user' as const) : ('key' as const),
      by_name: user.name,
      at_ms: Date.now(),
    };
    if (!(await withRetry(this.catalog.db, (tx) => correctTime(tx, said, timeZone)))) throw unknown(what);
    this.log.info({ by: user.name, ...what }, 'a true time was said');
    return this.show(what, user);
  }

  private async show(what: Item, user: Principal): Promise<z.output<typeof TRUE_TIME>> {
    const { db } = this.catalog;
    const times = what.kind === 'run' ? await this.timesOfRun(what) : await this.timesOfSession(what);
    const history = await timeCorrectionsOf(db, { ...what, trap_id: what.trapId });
    return { ...times, history: history.map((row) => correctionView(row, seesExactPlaces(user))) };
  }

  private async timesOfRun(what: Item) {
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

  private async timesOfSession(what: Item) {
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

const unknown = ({ kind, trapId, item }: Item) => notFound(`There is no ${kind} ${item} of trap ${trapId}.`);

/** @param exact whether the user may know who said what */
const correctionView = (row: TimeCorrectionRow, exact: boolean) => ({
  id: row.correction_id,
  start: isoOrNull(row.start_ms),
  comment: exact ? row.comment : null,
  ...(exact && { by: { kind: row.by_kind, name: row.by_name } }),
  at: iso(row.at_ms),
});
