import type { Logger } from 'pino';
import type { Catalog } from '../../libs/catalog/index.js';
import { ClassifierPool, type ModelPackage } from '../../libs/classifier/index.js';
import { FilingThread, type Journal, journalFolder } from '../../libs/images/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';
import { BackgroundLoop } from './background-loop.js';
import { CropClassification } from './classify-crops.js';
import { fileInbox, isFullStep } from './file-inbox.js';
import { HomeAssistant } from './home-assistant.js';
import { metrics } from './metrics.js';
import { sendOutbox } from './send-outbox.js';
import type { IngestSettings } from './settings.js';
import type { RunSettler } from './settle-run.js';
import { watchRuns } from './watch-runs.js';

/**
 * How long each kind of work rests when there is none, and how long what has come up gathers, so that one commit serves
 * for many and nobody waits for it. In milliseconds.
 */
const PACE = {
  inbox: { pauseMs: 200, gatherMs: 50 },
  feed: { pauseMs: 500, gatherMs: 0 },
  answers: { pauseMs: 500, gatherMs: 100 },
  outbox: { pauseMs: 1000, gatherMs: 20 },
  watch: { pauseMs: 1000, gatherMs: 0 },
  devices: { pauseMs: 5000, gatherMs: 0 },
};
type Work = keyof typeof PACE;

export interface BackgroundParts {
  readonly settings: IngestSettings;
  readonly catalog: Catalog;
  readonly journal: Journal;
  readonly source: MessageSource;
  readonly settler: RunSettler;
  readonly model: ModelPackage | undefined;
  readonly log: Logger;
}

/**
 * What goes on behind the messages: plain files, classification, answers to the traps, runs whose time has come. All of
 * it is found in the catalog, so that whatever a kill interrupts is taken up by the next start.
 */
export class BackgroundWork {
  private readonly loops: Readonly<Record<Work, BackgroundLoop>>;
  private readonly classification?: CropClassification;
  private readonly homeAssistant?: HomeAssistant;
  private readonly filing: FilingThread;
  private pool?: ClassifierPool;
  /** What fails now, by kind of work: health says so. */
  private readonly failing = new Map<Work, string>();

  constructor(private readonly parts: BackgroundParts) {
    const { settings, catalog, settler, model } = parts;
    this.filing = new FilingThread(journalFolder(settings.dataDir));
    if (model && settings.classifiers !== 0)
      this.classification = new CropClassification(catalog, settler, model.key, settings.dataDir);
    const { homeAssistant, timeZone, publicUrl } = settings;
    if (homeAssistant?.enabled)
      this.homeAssistant = new HomeAssistant(
        catalog,
        { prefix: homeAssistant.prefix, timeZone, publicUrl },
        (topic, payload, options) => parts.source.publish(topic, payload, options),
      );
    this.loops = {
      inbox: this.loop('inbox', () => this.fileCrops()),
      feed: this.loop('feed', () => this.feedClassifier()),
      answers: this.loop('answers', () => this.commitAnswers()),
      outbox: this.loop('outbox', () => this.sendMessages()),
      watch: this.loop('watch', () => this.watchRuns()),
      devices: this.loop('devices', () => this.tellDevices()),
    };
  }

  /** Crops with the classifier, and whether it runs. */
  get classifier(): { readonly classifying: number; readonly ready: boolean } {
    return { classifying: this.classification?.size ?? 0, ready: this.pool !== undefined };
  }

  /** The processes that classify; undefined while they do not run. */
  get classifiers(): ClassifierPool | undefined {
    return this.pool;
  }

  /** What does not get on at present; undefined where all does. */
  get trouble(): string | undefined {
    const [first] = this.failing;
    return first && `${first[0]}: ${first[1]}`;
  }

  start(): void {
    for (const loop of Object.values(this.loops)) loop.start();
    void this.startClassifier();
  }

  /** Something was committed: crops have come, or a run was decided. */
  wake(what: 'crops' | 'runs'): void {
    if (what === 'crops') this.loops.inbox.wake();
    this.loops.outbox.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.loops).map((loop) => loop.stop()));
    await this.filing.close();
    await this.pool?.close();
    await this.classification?.commitAnswers();
  }

  private async fileCrops(): Promise<boolean> {
    const { catalog, journal, settings } = this.parts;
    const store = { catalog, journal, filing: this.filing, dataDir: settings.dataDir };
    const written = await fileInbox(store, (crop, err) => {
      this.parts.log.error({ ...crop, err }, 'a crop cannot be filed: others go first, it is tried again');
    });
    if (written) this.loops.feed.wake();
    return isFullStep(written);
  }

  private async feedClassifier(): Promise<boolean> {
    if (!this.pool || !this.classification) return false;
    return (await this.classification.feed(this.pool)) > 0 && this.isHungry;
  }

  private async commitAnswers(): Promise<boolean> {
    if (await this.classification?.commitAnswers()) {
      this.loops.outbox.wake();
      if (this.isHungry) this.loops.feed.wake();
    }
    return false;
  }

  private async sendMessages(): Promise<boolean> {
    const { catalog, source } = this.parts;
    if (!source.connected) return false;
    return sendOutbox(catalog, (topic, payload, options) => source.publish(topic, payload, options));
  }

  private async watchRuns(): Promise<boolean> {
    const more = await watchRuns(this.parts.catalog, this.parts.settler, Date.now());
    this.loops.outbox.wake();
    return more;
  }

  private async tellDevices(): Promise<boolean> {
    if (this.parts.source.connected) await this.homeAssistant?.look(Date.now());
    return false;
  }

  private get isHungry(): boolean {
    return this.pool !== undefined && this.pool.size < this.pool.room;
  }

  /** Loading a model takes seconds; messages need not wait for it. */
  private async startClassifier(): Promise<void> {
    const { model, settings, log } = this.parts;
    const { classification } = this;
    if (!model || !classification) return;
    try {
      this.pool = await ClassifierPool.start(model, {
        processes: settings.classifiers,
        onBatch: (results) => {
          classification.take(results);
          this.loops.answers.wake();
        },
        onProcessExit: (exit) => log.warn({ exit }, 'a classifier process ended and is started again'),
      });
      this.loops.feed.wake();
    } catch (err) {
      log.error({ err }, 'the classifier did not start: crops are stored and wait for it');
    }
  }

  private loop(work: Work, step: () => Promise<boolean>): BackgroundLoop {
    const onError = (err: unknown, failures: number) => {
      this.failing.set(work, err instanceof Error ? err.message : String(err));
      metrics.stepFailures.inc({ work });
      // The first failure of a row, and then ever more rarely: what lasts hours must not fill the log.
      if ((failures & (failures - 1)) === 0)
        this.parts.log.error({ err, work, failures }, 'background work failed, it is tried again');
    };
    const stepAndClear = async () => {
      const more = await step();
      this.failing.delete(work);
      return more;
    };
    return new BackgroundLoop(stepAndClear, PACE[work].pauseMs, onError, PACE[work].gatherMs);
  }
}
