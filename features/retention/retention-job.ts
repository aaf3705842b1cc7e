import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog, findState, putState } from '../../libs/database/index.js';
import { DAY_MS } from '../../libs/domain/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { bindingOf } from './data-dir-binding.js';
import { deleteRemoved } from './delete-removed.js';
import { expectModest, logBinding, RetentionBlocked } from './refusal.js';
import { planRound } from './removal-plan.js';
import { carryOut } from './remove-pictures.js';

const POLL_INTERVAL_MS = 10 * 60_000;
/** A disk that fills up does not wait for the next day; where nothing more may go, looking again at once helps nobody. */
const ROOM_EVERY_MS = 60 * 60_000;

/** Removes pictures once a day where a setting asks for it, and brings to an end what a kill interrupted. */
@Injectable()
export class RetentionJob implements OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running?: Promise<void>;

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir' | 'retention'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** To be called once the ports are open: a process that cannot have them must not touch the data. */
  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the step in work is done; what is left is found again at the next start. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    await this.guarded(() => this.finish());
    while (!signal.aborted && this.isAsked) {
      await this.guarded(() => this.roundIfDue());
      await delay(POLL_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private get isAsked(): boolean {
    const { olderThanMs, freeBytes: free } = this.config.retention;
    return olderThanMs !== undefined || free !== undefined;
  }

  /** Also where retention is off by now: what the catalog has as removed must not fill the disk. */
  private async finish(): Promise<void> {
    const { catalog } = this;
    const { dataDir } = this.config;
    await logBinding(catalog, dataDir, this.log);
    if ((await bindingOf(catalog.db, dataDir)) === 'paired')
      await deleteRemoved(catalog, dataDir, this.onStuck, this.stopping.signal);
  }

  private async roundIfDue(): Promise<void> {
    const { catalog, log } = this;
    const { dataDir, retention: rule } = this.config;
    const nowMs = Date.now();
    if (!(await this.isDue(nowMs))) return;
    const { signal } = this.stopping;
    try {
      const plan = await planRound({ catalog, dataDir, rule, nowMs, signal });
      expectModest(plan.survey, plan.going);
      const { runs, crops, bytes } = await carryOut(plan, {
        catalog,
        dataDir,
        nowMs,
        signal,
        onStuck: this.onStuck,
      });
      const { shortBytes } = plan;
      if (crops) log.info({ runs, crops, bytes }, 'retention removed pictures; what is known of them stays');
      if (shortBytes)
        log.warn(
          { shortBytes },
          'retention may remove nothing more, and the disk is not as free as it should be',
        );
    } catch (error) {
      if (!(error instanceof RetentionBlocked)) throw error;
      await putState(catalog.db, 'retention', { atMs: nowMs, refused: error.message });
      log.error({ code: error.code }, `retention removes nothing: ${error.message}`);
    }
  }

  private async isDue(nowMs: number): Promise<boolean> {
    const { catalog } = this;
    const { dataDir, retention: rule } = this.config;
    const last = await findState(catalog.reader, 'retention');
    const agoMs = last ? Math.abs(nowMs - last.atMs) : Number.POSITIVE_INFINITY;
    if (agoMs >= DAY_MS) return true;
    return agoMs >= ROOM_EVERY_MS && (await freeBytes(dataDir)) < (rule.freeBytes ?? 0);
  }

  private readonly onStuck = (crop: object, err: unknown): void => {
    this.log.error({ ...crop, err }, 'the file of a removed picture cannot be deleted: tried again');
  };

  /** Whatever fails here is tried again, and holds up nothing else. */
  private async guarded(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (err) {
      if (this.stopping.signal.aborted) return;
      this.log.error({ err }, 'retention failed, it is tried again');
    }
  }
}
