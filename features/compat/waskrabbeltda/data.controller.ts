import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Config } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import type { ObservedRun } from '../../../libs/domain/index.js';
import { AllowLegacyToken, CurrentUser, getsOriginals, type Principal, Scans } from '../../accounts/index.js';
import { Archives, CropContents, sendZip } from '../../downloads/index.js';
import { ApiDoc, json, notFound, rangeable } from '../../http/index.js';
import { CONFIG } from '../../platform/index.js';
import { runArchive } from './run-archive.js';
import {
  EXAMPLE_TRACKING_RUN,
  TRACKING_RUN,
  TrackingRuns,
  trackingRunName,
  trackingRunView,
} from './tracking-runs.js';
import { WholeArchive } from './whole-archive.js';

const RECENT_INSECTS = 10;

const MOST_RECENT = z
  .strictObject({
    most_recent_date: z.string().nullable(),
    most_recent_tracking_run: z.string().nullable(),
  })
  .meta({ id: 'MostRecent' });
const EXAMPLE_MOST_RECENT = { most_recent_date: '2026-06-01', most_recent_tracking_run: 'ID7-12-00-07' };
const RECENT = z.array(z.strictObject({ date: z.string(), tracking_run_ID: z.string() }));
const RUNS_BY_DAY = z.record(z.string(), z.array(z.string()));
const RUN_PARAMS = z.object({
  date: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, { error: 'must be a day such as 2026-06-01' })
    .meta({
      wire: { type: 'string', examples: ['2026-06-01'] },
    }),
  tracking_run: z
    .string()
    .max(64)
    .meta({ wire: { type: 'string', examples: ['ID7-12-00-07'] } }),
});
const ZIP = 'application/zip';

/** What waskrabbeltda's readers ask for, in its shapes and with its column names. */
@AllowLegacyToken(true)
@Controller('data')
export class DataController {
  private readonly runs: TrackingRuns;

  constructor(
    private readonly catalog: Catalog,
    private readonly archives: Archives,
    private readonly contents: CropContents,
    @Inject(CONFIG) private readonly config: Pick<Config, 'access' | 'legacyTrap'>,
  ) {
    this.runs = new TrackingRuns(catalog, config.legacyTrap);
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'All classified runs, oldest first',
    description: 'As long as there are any: it streams. Times are those of the trap, without a zone.',
    answers: { 200: json(z.array(TRACKING_RUN), [EXAMPLE_TRACKING_RUN]) },
  })
  @Scans('download')
  @Get('classification')
  async classification(@Req() request: Request, @Res() response: Response): Promise<void> {
    await sendList(request, response, this.classified());
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The table and all pictures as an archive',
    answers: rangeable(ZIP, '`classification_data.csv`, and `<date>/<tracking run>/<file>`'),
    problems: [416, 507],
  })
  @Scans('download')
  @Get('all')
  async all(
    @CurrentUser() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { catalog } = this;
    const { legacyTrap } = this.config;
    const archive = new WholeArchive(catalog, legacyTrap);
    const nowMs = Date.now();
    await this.archives.send(request, response, {
      what: 'waskrabbeltda',
      caller,
      filter: { trap: legacyTrap ?? null },
      fileName: `waskrabbeltda_data_${new Date(nowMs).toISOString().slice(0, 10)}.zip`,
      placeOf: archive.placeOf,
      fill: (list, stopped) =>
        catalog.atOneMoment((db) => archive.fill(db, list, this.runs.all(db), nowMs, stopped)),
    });
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The newest run',
    description: 'Both are null as long as there is none.',
    answers: { 200: json(MOST_RECENT, EXAMPLE_MOST_RECENT) },
  })
  @Get('most_recent')
  async mostRecent() {
    const [run] = await this.runs.newest(1);
    return mostRecentOf(run, run);
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The newest run of an insect',
    answers: { 200: json(MOST_RECENT, EXAMPLE_MOST_RECENT) },
  })
  @Get('most_recent_insect')
  async mostRecentInsect() {
    const [run] = await this.runs.newest(1);
    const [insect] = await this.runs.newest(1, 'insects');
    return mostRecentOf(insect ?? run, insect);
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The ten newest runs of insects',
    answers: { 200: json(RECENT, [{ date: '2026-06-01', tracking_run_ID: 'ID7-12-00-07' }]) },
  })
  @Get('most_recent_insects')
  async mostRecentInsects() {
    const runs = await this.runs.newest(RECENT_INSECTS, 'insects');
    return runs.map(trackingRunName).map(({ date, name }) => ({ date, tracking_run_ID: name }));
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The pictures of the newest run',
    answers: rangeable(ZIP, 'Its pictures; an archive without any as long as there is no run'),
    problems: [416],
  })
  @Get('most_recent/images')
  async mostRecentImages(
    @CurrentUser() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.sendPictures(caller, request, response, await this.runs.newest(1));
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The names of all runs, by day',
    answers: { 200: json(RUNS_BY_DAY, { '2026-06-01': ['ID6-11-58-30', 'ID7-12-00-07'] }) },
  })
  @Scans('question')
  @Get('tracking_runs')
  async trackingRuns() {
    const days = new Map<string, string[]>();
    for await (const page of this.runs.all()) {
      for (const { date, name } of page.map(trackingRunName)) {
        const names = days.get(date) ?? [];
        names.push(name);
        days.set(date, names);
      }
    }
    return Object.fromEntries([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  @ApiDoc({
    tag: 'Compatibility',
    summary: 'The pictures of a run',
    answers: rangeable(ZIP, 'Its pictures, by the names that they were sent with'),
    problems: [416],
  })
  @Get(':date/:tracking_run')
  async images(
    @Param({ schema: RUN_PARAMS }) { date, tracking_run: name }: z.output<typeof RUN_PARAMS>,
    @CurrentUser() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const runs = await this.runs.named({ date, name });
    if (!runs.length) throw notFound(`There is no tracking run ${name} on ${date}.`);
    await this.sendPictures(caller, request, response, runs);
  }

  private async sendPictures(
    caller: Principal,
    request: Request,
    response: Response,
    runs: readonly ObservedRun[],
  ) {
    const originals = getsOriginals(caller, this.config.access);
    await sendZip(request, response, await runArchive(this.catalog.reader, runs, this.contents, originals));
  }

  private async *classified() {
    for await (const page of this.runs.all())
      yield page.filter(({ label }) => label !== null).map(trackingRunView);
  }
}

const mostRecentOf = (day: ObservedRun | undefined, run: ObservedRun | undefined) => ({
  most_recent_date: day ? trackingRunName(day).date : null,
  most_recent_tracking_run: run ? trackingRunName(run).name : null,
});

/** Answers with one JSON list, page by page, however long it is; no faster than the client takes it. */
async function sendList(
  request: Request,
  response: Response,
  pages: AsyncIterable<readonly unknown[]>,
): Promise<void> {
  response.status(200).type('application/json');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(() => asJson(pages), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

async function* asJson(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    for (const item of page) {
      yield before + JSON.stringify(item);
      before = ',';
    }
  }
  yield before === '[' ? '[]' : ']';
}
