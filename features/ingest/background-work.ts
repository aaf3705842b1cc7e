import type { Logger } from 'pino';
import { BackgroundLoop, isWorthLogging } from '../../libs/async/index.js';
import type { ClassifierPool, ModelPackage } from '../../libs/classifier/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { type CropId, runKey } from '../../libs/domain/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';
import type { DiskThread, Journal } from '../../libs/store/index.js';
import { followClocks, rereadTimes } from '../clock/index.js';
import type { CropStore } from '../crops/index.js';
import { HomeAssistant } from '../home-assistant/index.js';
import { type ClassifierState, ClassifierSupervisor } from '../models/index.js';
import { followSightings } from '../observations/index.js';
import { type OutboxRow, type Publish, sendOutbox } from '../outbox/index.js';
import { namedMessage, type Taxa } from '../taxa/index.js';
import { CropClassification } from './classify-crops.js';
import { type RunCompleter, watchRuns } from './complete-runs.js';
import { metrics } from './ingest.metrics.js';
import { PictureKeeper } from './keep-pictures.js';
import type { PictureCheck } from './picture-check.js';
import { completeReceiptOf } from './receipt-message.js';
import type { IngestSettings } from './settings.js';
import { fileInbox, isFullStep } from './store-inbox.js';

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
  zones: { pauseMs: 2000, gatherMs: 0 },
  clocks: { pauseMs: 2000, gatherMs: 0 },
  pictures: { pauseMs: 1000, gatherMs: 0 },
  damaged: { pauseMs: 600_000, gatherMs: 500 },
  sightings: { pauseMs: 1000, gatherMs: 0 },
};
type Work = keyof typeof PACE;

interface BackgroundParts {
  readonly settings: IngestSettings;
  readonly catalog: Catalog;
  readonly journal: Journal;
  readonly source: MessageSource;
  readonly settler: RunCompleter;
  /** The bytes of crops. */
  readonly bytes: CropStore;
  readonly pictures: PictureCheck;
  readonly disk: DiskThread;
  /** Takes a crop as if its trap had sent it once more. */
  readonly receive: (crop: CropId, bytes: Buffer) => Promise<unknown>;
  readonly model: ModelPackage | undefined;
  /** What people call the labels. */
  readonly taxa: Taxa;
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
  private readonly keeper: PictureKeeper;
  private readonly kept?: ClassifierSupervisor;
  /** What fails now, by kind of work: health says so. */
  private readonly failing = new Map<Work | 'classifier', string>();

  constructor(private readonly parts: BackgroundParts) {
    const { settings, catalog, settler, model } = parts;
    this.keeper = new PictureKeeper({
      catalog,
      store: parts.bytes,
      check: parts.pictures,
      everyMs: settings.checkPicturesEveryMs,
      receive: parts.receive,
      publish: async (topic, payload) => parts.source.publish(topic, payload, { qos: 1 }),
      log: parts.log,
    });
    if (model && settings.classifiers !== 0) {
      this.classification = new CropClassification(
        catalog,
        settler,
        model.key,
        settings.dataDir,
        parts.bytes,
        parts.pictures,
      );
      this.kept = this.keptClassifier(model, this.classification);
    }
    const { homeAssistant, timeZone, publicUrl } = settings;
    if (homeAssistant?.enabled)
      this.homeAssistant = new HomeAssistant(
        catalog,
        { prefix: homeAssistant.prefix, timeZone, publicUrl, language: settings.language ?? 'en' },
        (topic, payload, options) => parts.source.publish(topic, payload, options),
      );
    this.loops = {
      inbox: this.loop('inbox', () => this.fileCrops()),
      feed: this.loop('feed', () => this.feedClassifier()),
      answers: this.loop('answers', () => this.commitAnswers()),
      outbox: this.loop('outbox', () => this.sendMessages()),
      watch: this.loop('watch', () => this.watchRuns()),
      devices: this.loop('devices', () => this.tellDevices()),
      clocks: this.loop('clocks', () => followClocks(catalog, timeZone, settings.influx !== undefined)),
      pictures: this.loop('pictures', () => this.keeper.readSome(Date.now()).then(() => false)),
      damaged: this.loop('damaged', () => this.keeper.heal(Date.now())),
      sightings: this.loop('sightings', () => this.followSightings()),
      zones: this.loop('zones', () => rereadTimes(catalog, timeZone, settings.influx !== undefined)),
    };
  }

  /** Crops with the classifier, and what it does; `off` where this process is to classify nothing. */
  get classifier(): { readonly classifying: number; readonly state: ClassifierState | 'off' } {
    return { classifying: this.classification?.size ?? 0, state: this.kept?.state ?? 'off' };
  }

  /** The processes that classify; undefined while they do not run. */
  get classifiers(): ClassifierPool | undefined {
    return this.kept?.pool;
  }

  /** What does not get on at present; undefined where all does. */
  get lastError(): string | undefined {
    const [first] = this.failing;
    return first && `${first[0]}: ${first[1]}`;
  }

  start(): void {
    for (const loop of Object.values(this.loops)) loop.start();
    // Loading a model takes seconds; messages need not wait for it.
    void this.kept?.start();
  }

  /** Something was committed: crops have come, a run was decided, a trap has said in which zone it stands, or
   * pictures were found to be damaged. */
  wake(what: 'crops' | 'runs' | 'zones' | 'damaged'): void {
    if (what === 'zones') {
      this.loops.zones.wake();
      return;
    }
    if (what === 'damaged') {
      this.loops.watch.wake();
      this.loops.damaged.wake();
      return;
    }
    if (what === 'crops') this.loops.inbox.wake();
    this.loops.outbox.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.loops).map((loop) => loop.stop()));
    await this.keeper.stop();
    await this.kept?.stop();
    await this.classification?.stop();
  }

  /** A trap is online. */
  greet(trapId: string): void {
    this.keeper.greet(trapId, Date.now()).catch((err) => {
      this.parts.log.warn({ trapId, err }, 'the trap cannot be asked for damaged pictures now: it is later');
    });
  }

  private async fileCrops(): Promise<boolean> {
    const { catalog, journal, settings } = this.parts;
    const { bytes: store, pictures, disk } = this.parts;
    const inbox = { catalog, journal, store, filing: disk, pictures, dataDir: settings.dataDir };
    const written = await fileInbox(inbox, (crop, err) => {
      this.parts.log.error({ ...crop, err }, 'a crop cannot be filed: others go first, it is tried again');
    });
    if (written) this.loops.feed.wake();
    return isFullStep(written);
  }

  private async feedClassifier(): Promise<boolean> {
    await this.classification?.renewClaims();
    const pool = this.classifiers;
    if (!pool || !this.classification) return false;
    return (await this.classification.feed(pool)) > 0 && this.isHungry;
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
    const publish: Publish = (topic, payload, options) =>
      source.publish(topic, namedMessage(topic, payload, this.parts.taxa.now), options);
    return sendOutbox(catalog, publish, source.publishesAtOnce, (messages) => this.untrue(messages));
  }

  /** Receipts of runs with damaged pictures: the trap would delete its own. The one that takes their place is due. */
  private async untrue(messages: readonly OutboxRow[]): Promise<ReadonlySet<OutboxRow>> {
    const receipts = messages.flatMap((message) => {
      const run = completeReceiptOf(message.topic, message.payload);
      return run ? [{ message, run }] : [];
    });
    const runs = receipts.map(({ run }) => run);
    const damaged = await this.parts.pictures.damagedRuns(runs, Date.now());
    return new Set(receipts.filter(({ run }) => damaged.has(runKey(run))).map(({ message }) => message));
  }

  private async watchRuns(): Promise<boolean> {
    const more = await watchRuns(this.parts.catalog, this.parts.settler, Date.now());
    this.loops.outbox.wake();
    return more;
  }

  private async followSightings(): Promise<boolean> {
    const more = await followSightings(this.parts.catalog, this.parts.settings.sightingCrops, Date.now());
    this.loops.outbox.wake();
    return more;
  }

  private async tellDevices(): Promise<boolean> {
    if (this.parts.source.connected) await this.homeAssistant?.look(Date.now());
    return false;
  }

  private get isHungry(): boolean {
    const pool = this.classifiers;
    return pool !== undefined && pool.size < pool.room;
  }

  private keptClassifier(model: ModelPackage, classification: CropClassification): ClassifierSupervisor {
    const { settings, log } = this.parts;
    return new ClassifierSupervisor(model, {
      processes: settings.classifiers,
      rewrites: settings.optimiseModels,
      onBatch: (results) => {
        classification.take(results);
        this.loops.answers.wake();
      },
      onProcessExit: (exit) => log.warn({ exit }, 'a classifier process ended and is started again'),
      onStartFailure: (err, restartInMs) =>
        log.warn({ err, restartInMs }, 'a classifier process does not come up and is tried again'),
      onUp: () => {
        this.failing.delete('classifier');
        log.info({ model: model.key, optimisation: this.classifiers?.level }, 'the classifier is up');
        this.loops.feed.wake();
      },
      onFailure: (err, failures, pauseMs) => {
        this.noteFailure('classifier', err);
        if (isWorthLogging(failures))
          log.error(
            { err, failures, pauseMs },
            'the classifier does not start: crops wait, it is tried again',
          );
      },
      onUnusable: (err) =>
        log.error({ err }, 'the model cannot be used: nothing is classified until that is put right'),
    });
  }

  private loop(work: Work, step: () => Promise<boolean>): BackgroundLoop {
    const onError = (err: unknown, failures: number) => {
      this.noteFailure(work, err);
      if (isWorthLogging(failures))
        this.parts.log.error({ err, work, failures }, 'background work failed, it is tried again');
    };
    const stepAndClear = async () => {
      const more = await step();
      this.failing.delete(work);
      return more;
    };
    return new BackgroundLoop(stepAndClear, { ...PACE[work], onError });
  }

  private noteFailure(work: Work | 'classifier', err: unknown): void {
    this.failing.set(work, err instanceof Error ? err.message : String(err));
    metrics.stepFailures.inc({ work });
  }
}
