import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Inject, Optional, Post } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { installModel, listModels, modelKey, readCard, readRegistry } from '../../libs/classifier/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, count, invalidRequest, json, onlyTheseFields, Problem } from '../http/index.js';
import {
  EXAMPLE_JOB,
  findJob,
  JOB,
  JobCanceledError,
  jobView,
  type RunningJob,
  runJob,
} from '../jobs/index.js';
import { countQueuedPast, queuePast } from '../observations/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { Models } from './models.js';

const REGISTERED = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    licence: z.string(),
    commercial: z.boolean().meta({ description: 'Its licence does not exclude commercial use' }),
    bytes: count().nullable(),
    labels: count(),
    installed: z.boolean(),
    active: z.boolean(),
  })
  .meta({ id: 'RegisteredModel', description: 'A public model that can be installed by its name' });
const REGISTRY = z.strictObject({ items: z.array(REGISTERED) });
const EXAMPLE_REGISTERED: z.output<typeof REGISTERED> = {
  name: 'efficientnet-b0-insect-detect',
  title: 'efficientnet-b0-insect-detect',
  description: '27 classes of a flower platform in Central Europe',
  licence: 'AGPL-3.0',
  commercial: true,
  bytes: 16_284_113,
  labels: 27,
  installed: false,
  active: false,
};

const INSTALL = onlyTheseFields({ name: z.string({ error: 'must be the name of a model of the registry' }) });
const instantText = () => z.iso.datetime({ offset: true, error: 'must be a time with zone' });
const RECLASSIFY = onlyTheseFields({
  trap: z.string({ error: 'must be the id of a trap' }).optional(),
  from: instantText().optional(),
  to: instantText().optional(),
});

const NON_COMMERCIAL = /\bNC\b|non-?commercial/i;
const POLL_MS = 1000;

/** Token of the compiled program that runs a model; by default the one of this build. */
export const MODEL_CHILD = Symbol('MODEL_CHILD');

/** Installs public models, and has earlier runs classified again; both take long and are followed as jobs. */
@MinRole('admin')
@Controller('api/v1')
export class ModelInstallController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
    @Inject(LOG) private readonly log: Logger,
    private readonly known: Models,
    @Optional() @Inject(MODEL_CHILD) private readonly modelChild?: URL,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Public models that can be installed',
    answers: { 200: json(REGISTRY, { items: [EXAMPLE_REGISTERED] }) },
  })
  @Get('models/registry')
  async registry(): Promise<z.output<typeof REGISTRY>> {
    const installed = (await listModels(this.folders)).filter((model) => model.installed);
    const keys = new Set(installed.flatMap(({ card }) => (card ? [modelKey(card)] : [])));
    const entries = await readRegistry(this.registryFile);
    const items = await Promise.all(
      entries.map(async ({ name, card: folder, bytes }) => {
        const card = await readCard(folder);
        const key = modelKey(card);
        return {
          name,
          title: card.id,
          description: card.description ?? '',
          licence: card.licence,
          commercial: !NON_COMMERCIAL.test(card.licence),
          bytes: bytes ?? card.file.bytes ?? null,
          labels: card.labels.length,
          installed: keys.has(key),
          active: this.known.active?.key === key,
        };
      }),
    );
    return { items };
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Install a public model',
    description:
      'It is fetched, checked by its hash, run once and put in its place; the answer is the job. The service uses it from its next start on.',
    body: { example: { name: 'efficientnet-b0-insect-detect' } },
    answers: { 202: json(JOB, EXAMPLE_JOB) },
  })
  @Post('models/install')
  @HttpCode(202)
  async install(
    @Body({ schema: INSTALL }) { name }: z.output<typeof INSTALL>,
    @CurrentUser() caller: Principal,
  ) {
    const known = (await readRegistry(this.registryFile)).map((entry) => entry.name);
    if (!known.includes(name))
      throw invalidRequest([{ field: 'name', message: `must be one of ${known.join(', ')}` }]);
    const { dataDir } = this.config;
    const { modelChild } = this;
    return this.begin({ kind: 'model-install', title: name, unit: 'bytes' }, caller, async (job) => {
      const model = await installModel(name, {
        into: join(dataDir, 'models'),
        registry: this.registryFile,
        knownCardsDir: this.ownModels,
        onProgress: job.progress,
        signal: job.signal,
        ...(modelChild && { childFile: modelChild }),
      });
      return `${model.key} is installed; the service uses it from its next start on`;
    });
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Classify earlier runs with the active model',
    description:
      'Crops that the model has not seen are classified beside new ones, which go first. The answer is the job; canceled, it queues no more, and what is queued is still classified.',
    body: { example: { from: '2026-06-01T00:00:00Z' } },
    answers: {
      202: json(JOB, { ...EXAMPLE_JOB, kind: 'reclassify', title: 'meadow-visitors-1.2', unit: 'crops' }),
    },
    problems: [503],
  })
  @Post('reclassify')
  @HttpCode(202)
  async reclassify(
    @Body({ schema: RECLASSIFY }) { trap, from, to }: z.output<typeof RECLASSIFY>,
    @CurrentUser() caller: Principal,
  ) {
    const { catalog } = this;
    const model = this.known.active;
    if (!model)
      throw new Problem(503, 'no-model', 'No model is active: install one, and restart the service.');
    const filter = {
      ...(trap !== undefined && { trapId: trap }),
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    };
    return this.begin({ kind: 'reclassify', title: model.key, unit: 'crops' }, caller, async (job) => {
      const { signal } = job;
      const crops = await queuePast(catalog.db, model.key, filter, {
        onProgress: (queued) => job.progress(0, queued),
        signal,
      });
      for (let left = crops; left > 0; left = Math.min(crops, await countQueuedPast(catalog.reader))) {
        job.progress(crops - left, crops);
        await delay(POLL_MS, undefined, { signal }).catch(() => {
          throw new JobCanceledError();
        });
      }
      job.progress(crops, crops);
    });
  }

  private async begin(
    job: Omit<Parameters<typeof runJob>[1], 'by'>,
    caller: Principal,
    work: (running: RunningJob) => Promise<unknown>,
  ) {
    const { catalog, log } = this;
    const { id, result } = await runJob(catalog, { ...job, by: caller.name }, work);
    log.info({ by: caller.name, job: id, kind: job.kind, title: job.title }, 'a job was started');
    result.catch((err: unknown) => {
      if (!(err instanceof JobCanceledError)) log.error({ err, job: id, kind: job.kind }, 'a job failed');
    });
    const row = await findJob(catalog.db, id);
    if (!row) throw new Problem(503, 'unavailable', 'The job was removed just now.');
    return jobView(row);
  }

  private get folders(): readonly string[] {
    return this.known.folders;
  }

  /** The folder of the cards that came with the program is the last one. */
  private get ownModels(): string {
    return this.folders.at(-1) ?? 'models';
  }

  private get registryFile(): string {
    return join(this.ownModels, 'registry.json');
  }
}
