import type { Logger } from 'pino';
import { type Catalog, listRetained, onlineTraps, touchTraps } from '../../libs/catalog/index.js';
import { ClassifierPool, type ModelPackage } from '../../libs/classifier/index.js';
import { Journal, journalFolder } from '../../libs/images/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';
import { topicOf } from '../../libs/protocol/index.js';
import { BackgroundLoop } from './background-loop.js';
import { CropClassification } from './classify-crops.js';
import { DiskGuard } from './disk-guard.js';
import { fileInbox, isFullStep } from './file-inbox.js';
import { metrics } from './metrics.js';
import { CropReceiver } from './receive-crop.js';
import { RunReceiver } from './receive-run.js';
import { TrapReceiver } from './receive-trap.js';
import { Refuser } from './refuse.js';
import { sendOutbox } from './send-outbox.js';
import { type ActiveModel, activeModel, type IngestSettings } from './settings.js';
import { RunSettler } from './settle-run.js';
import { watchRuns } from './watch-runs.js';

const PAUSE_MS = { inbox: 200, classify: 500, watch: 1000, outbox: 1000, traps: 1000 };
/** What has come up is done together after so many milliseconds: one commit for many, and nobody waits for it. */
const GATHER_MS = { inbox: 50, classify: 0, answers: 100, outbox: 20, watch: 0, traps: 0 };

export interface IngestParts {
  readonly settings: IngestSettings;
  readonly catalog: Catalog;
  readonly source: MessageSource;
  /** True where the broker is ours and forgets retained messages when it stops. */
  readonly brokerIsEmbedded: boolean;
  readonly model: ModelPackage | undefined;
  readonly log: Logger;
}

/** Everything between a message and its observation, and the work that goes on behind: the wiring of the ingest. */
export class Ingest {
  readonly disk: DiskGuard;
  readonly crops: CropReceiver;
  readonly runs: RunReceiver;
  readonly traps: TrapReceiver;
  readonly refuser: Refuser;
  private readonly classification?: CropClassification;
  private readonly loops: BackgroundLoop[] = [];
  private readonly wake: Record<'inbox' | 'classify' | 'answers' | 'outbox' | 'watch', () => void>;
  private readonly journal: Journal;
  private readonly lastSeen = new Map<string, number>();
  private pool?: ClassifierPool;

  constructor(private readonly parts: IngestParts) {
    const { settings, catalog, source, log, model } = parts;
    const active: ActiveModel | undefined = model && activeModel(model);
    this.journal = new Journal(journalFolder(settings.dataDir));
    const settler = new RunSettler(settings, () => active);
    const publish = async (topic: string, payload: string) => source.publish(topic, payload, { qos: 0 });
    if (active && settings.classifiers !== 0)
      this.classification = new CropClassification(catalog, settler, active.key, settings.dataDir);

    const inbox = this.loop('inbox', PAUSE_MS.inbox, async () => {
      const written = await fileInbox(catalog, this.journal, settings.dataDir);
      if (written) this.wake.classify();
      return isFullStep(written);
    });
    const classify = this.loop(
      'classify',
      PAUSE_MS.classify,
      async () => (this.pool ? await this.classification?.feed(this.pool) : 0) !== 0 && this.poolIsHungry(),
    );
    const answers = this.loop('answers', PAUSE_MS.classify, async () => {
      if (!(await this.classification?.commitAnswers())) return false;
      this.wake.outbox();
      if (this.poolIsHungry()) this.wake.classify();
      return false;
    });
    const outbox = this.loop('outbox', PAUSE_MS.outbox, () =>
      source.connected
        ? sendOutbox(catalog, (topic, payload, options) => source.publish(topic, payload, options))
        : Promise.resolve(false),
    );
    const watch = this.loop('watch', PAUSE_MS.watch, async () => {
      const more = await watchRuns(catalog, settler, Date.now());
      this.wake.outbox();
      return more;
    });
    this.loop('traps', PAUSE_MS.traps, () => this.noteSeen());
    this.wake = {
      inbox: () => inbox.wake(),
      classify: () => classify.wake(),
      answers: () => answers.wake(),
      outbox: () => outbox.wake(),
      watch: () => watch.wake(),
    };

    this.disk = new DiskGuard({
      folder: settings.dataDir,
      reserveBytes: settings.limits.diskReserveBytes,
      onChange: ({ full, freeBytes }) => {
        if (full)
          log.error(
            { freeBytes, reserveBytes: settings.limits.diskReserveBytes },
            'the disk is under its reserve: nothing is acknowledged until there is room',
          );
        else log.info({ freeBytes }, 'the disk has room again');
      },
    });
    const settled = () => this.wake.outbox();
    this.crops = new CropReceiver(catalog, this.journal, settler, settings.limits, () => {
      this.wake.inbox();
      settled();
    });
    this.runs = new RunReceiver(catalog, settler, settings.timeZone, settled);
    this.traps = new TrapReceiver(catalog, settings.timeZone, settings.influx !== undefined);
    this.refuser = new Refuser(catalog, settings.limits.cropBytes, publish, log);
  }

  /** How much is under way inside this process. */
  get inWork(): { readonly classifying: number; readonly classifierProcesses: boolean } {
    return { classifying: this.classification?.size ?? 0, classifierProcesses: this.pool !== undefined };
  }

  /** A trap has spoken; its time of the last message follows within a second. */
  seen(trapId: string): void {
    this.lastSeen.set(trapId, Date.now());
  }

  get limits(): IngestSettings['limits'] {
    return this.parts.settings.limits;
  }

  /** What a trap answers to a command is for the operator's log. */
  noteAnswer(
    trapId: string,
    commandId: string,
    answer: { readonly ok: boolean; readonly message?: string | undefined },
  ): void {
    this.parts.log.info(
      { trapId, commandId, ok: answer.ok, message: answer.message },
      'a trap answered a command',
    );
  }

  /** Before the first message. */
  async start(): Promise<void> {
    await this.disk.start();
    for (const loop of this.loops) loop.start();
    void this.startClassifier();
  }

  /** From here on nothing new is taken; what is in flight still ends well. */
  beginClosing(): void {
    this.disk.close();
  }

  /** After the transports have drained. */
  async close(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.pool?.close();
    await this.classification?.commitAnswers();
    await this.noteSeen();
    await this.journal.close();
  }

  private loop(name: keyof typeof GATHER_MS, pauseMs: number, step: () => Promise<boolean>): BackgroundLoop {
    const onError = (err: unknown, failures: number) => {
      metrics.stepFailures.inc({ work: name });
      // The first failure of a row, and then ever more rarely: what lasts hours must not fill the log.
      if ((failures & (failures - 1)) === 0)
        this.parts.log.error({ err, work: name, failures }, 'background work failed, it is tried again');
    };
    const loop = new BackgroundLoop(step, pauseMs, onError, GATHER_MS[name]);
    this.loops.push(loop);
    return loop;
  }

  private poolIsHungry(): boolean {
    return this.pool !== undefined && this.pool.size < this.pool.room;
  }

  /** Loading a model takes seconds; messages need not wait for it. */
  private async startClassifier(): Promise<void> {
    const { model, settings, log } = this.parts;
    if (!model || !this.classification) return;
    try {
      this.pool = await ClassifierPool.start(model, {
        processes: settings.classifiers,
        onBatch: (results) => {
          this.classification?.take(results);
          this.wake.answers();
        },
        onProcessExit: (exit) => log.warn({ exit }, 'a classifier process ended and is started again'),
      });
      this.wake.classify();
    } catch (err) {
      log.error({ err }, 'the classifier did not start: crops are stored and wait for it');
    }
  }

  /** When the broker listens: with one of our own every trap is disconnected then, and nothing is retained yet. */
  async restoreRetained(): Promise<void> {
    const { catalog, brokerIsEmbedded } = this.parts;
    if (!brokerIsEmbedded) return;
    for (const { trap_id: trapId, status } of await onlineTraps(catalog.db)) {
      const payload = { ...JSON.parse(status ?? '{"v":1}'), state: 'offline' };
      await this.traps.status(trapId, topicOf.status(trapId), payload, Date.now());
    }
    for (const { topic, payload } of await listRetained(catalog.db)) {
      await this.parts.source.publish(topic, payload, { retain: true });
    }
  }

  private async noteSeen(): Promise<boolean> {
    const seen = new Map(this.lastSeen);
    this.lastSeen.clear();
    await touchTraps(this.parts.catalog.db, seen);
    return false;
  }
}
