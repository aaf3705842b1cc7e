import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { installModel, listModels, modelKey, readCard, readRegistry } from '../../libs/classifier/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { Principal } from '../accounts/index.js';
import { invalidRequest, Problem } from '../http/index.js';
import { findJob, JobCanceledError, presentJob, type RunningJob, runJob } from '../jobs/index.js';
import { countQueuedPast, queuePast } from '../observations/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import type { INSTALL, RECLASSIFY, REGISTRY } from './model-install.schema.js';
import { Models } from './models.js';

const NON_COMMERCIAL = /\bNC\b|non-?commercial/i;
const POLL_MS = 1000;

/** Token of the compiled program that runs a model; by default the one of this build. */
export const MODEL_CHILD = Symbol('MODEL_CHILD');

/** Installs public models, and has earlier runs classified again; both take long and are followed as jobs. */
@Injectable()
export class ModelInstallService {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
    @Inject(LOG) private readonly log: Logger,
    private readonly known: Models,
    @Optional() @Inject(MODEL_CHILD) private readonly modelChild?: URL,
  ) {}

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

  /** @returns the job that does it */
  async install({ name }: z.output<typeof INSTALL>, user: Principal) {
    const known = (await readRegistry(this.registryFile)).map((entry) => entry.name);
    if (!known.includes(name))
      throw invalidRequest([{ field: 'name', message: `must be one of ${known.join(', ')}` }]);
    const { dataDir } = this.config;
    const { modelChild } = this;
    return this.begin({ kind: 'model-install', title: name, unit: 'bytes' }, user, async (job) => {
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

  /**
   * Queues earlier crops for the active model.
   *
   * @returns the job that follows them
   * @throws Problem 503 where no model is active
   */
  async reclassify({ trap, from, to }: z.output<typeof RECLASSIFY>, user: Principal) {
    const { catalog } = this;
    const model = this.known.active;
    if (!model)
      throw new Problem(503, 'no-model', 'No model is active: install one, and restart the service.');
    const filter = {
      ...(trap !== undefined && { trapId: trap }),
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    };
    return this.begin({ kind: 'reclassify', title: model.key, unit: 'crops' }, user, async (job) => {
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
    user: Principal,
    work: (running: RunningJob) => Promise<unknown>,
  ) {
    const { catalog, log } = this;
    const { id, result } = await runJob(catalog, { ...job, by: user.name }, work);
    log.info({ by: user.name, job: id, kind: job.kind, title: job.title }, 'a job was started');
    result.catch((err: unknown) => {
      if (!(err instanceof JobCanceledError)) log.error({ err, job: id, kind: job.kind }, 'a job failed');
    });
    const started = await findJob(catalog.db, id);
    if (!started) throw new Problem(503, 'unavailable', 'The job was removed just now.');
    return presentJob(started);
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
