import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Catalog, findState, putState } from '../../libs/database/index.js';
import { DAY_MS, type RetentionRule } from '../../libs/domain/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { bindingOf } from './data-dir-binding.js';
import { deleteRemoved } from './delete-removed.js';
import { expectModest, logBinding, RetentionBlocked } from './refusal.js';
import { planRound } from './removal-plan.js';
import { carryOut } from './remove-pictures.js';

const POLL_INTERVAL_MS = 10 * 60_000;
/** A disk that fills up does not wait for the next day; where nothing more may go, looking again at once helps nobody. */
const ROOM_EVERY_MS = 60 * 60_000;

interface RetentionJobParts {
  readonly catalog: Catalog;
  readonly dataDir: string;
  readonly rule: RetentionRule;
  readonly log: Logger;
}

/** Removes pictures once a day where a setting asks for it, and brings to an end what a kill interrupted. */
export class RetentionJob {
  private readonly stopping = new AbortController();
  private running?: Promise<void>;

  constructor(private readonly parts: RetentionJobParts) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the step in work is done; what is left is found again at the next start. */
  async stop(): Promise<void> {
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
    const { olderThanMs, freeBytes: free } = this.parts.rule;
    return olderThanMs !== undefined || free !== undefined;
  }

  /** Also where retention is off by now: what the catalog has as removed must not fill the disk. */
  private async finish(): Promise<void> {
    const { catalog, dataDir } = this.parts;
    await logBinding(catalog, dataDir, this.parts.log);
    if ((await bindingOf(catalog.db, dataDir)) === 'paired')
      await deleteRemoved(catalog, dataDir, this.onStuck, this.stopping.signal);
  }

  private async roundIfDue(): Promise<void> {
    const { catalog, dataDir, rule, log } = this.parts;
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
    const { catalog, dataDir, rule } = this.parts;
    const last = await findState(catalog.reader, 'retention');
    const agoMs = last ? Math.abs(nowMs - last.atMs) : Number.POSITIVE_INFINITY;
    if (agoMs >= DAY_MS) return true;
    return agoMs >= ROOM_EVERY_MS && (await freeBytes(dataDir)) < (rule.freeBytes ?? 0);
  }

  private readonly onStuck = (crop: object, err: unknown): void => {
    this.parts.log.error({ ...crop, err }, 'the file of a removed picture cannot be deleted: tried again');
  };

  /** Whatever fails here is tried again, and holds up nothing else. */
  private async guarded(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (err) {
      if (this.stopping.signal.aborted) return;
      this.parts.log.error({ err }, 'retention failed, it is tried again');
    }
  }
}
