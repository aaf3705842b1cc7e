import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';
import { type CommandAnswerPayload, type StatusPayload, topicOf } from '../../libs/protocol/index.js';
import { DiskThread, Journal, journalFolder } from '../../libs/store/index.js';
import { MESSAGE_SOURCE } from '../broker/index.js';
import { CropStore } from '../crops/index.js';
import { Models } from '../models/index.js';
import { activeModel } from '../observations/index.js';
import { listRetained } from '../outbox/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { namedMessage, Taxa } from '../taxa/index.js';
import { onlineTraps } from '../traps/index.js';
import { BackgroundWork } from './background-work.js';
import { RunCompleter } from './complete-runs.js';
import { DeadLetters } from './dead-letters.js';
import { DiskGuard } from './disk-guard.js';
import { namesOf } from './keep-pictures.js';
import { MessageTurns } from './message-turns.js';
import { PictureCheck } from './picture-check.js';
import { Presence } from './presence.js';
import { CropReceiver } from './receive-crop.js';
import { MessageReceiver } from './receive-message.js';
import { RunReceiver } from './receive-run.js';
import { TrapReceiver } from './receive-trap.js';
import type { IngestSettings } from './settings.js';

/** Everything between a message and its observation, and the work that goes on behind: the wiring of the ingest. */
@Injectable()
export class Ingest implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly disk: DiskGuard;
  readonly crops: CropReceiver;
  readonly runs: RunReceiver;
  readonly traps: TrapReceiver;
  readonly deadLetters: DeadLetters;
  readonly turns = new MessageTurns();
  readonly presence: Presence;
  readonly work: BackgroundWork;
  readonly messages: MessageReceiver;
  readonly pictures: PictureCheck;
  private readonly journal: Journal;
  private readonly diskThread: DiskThread;

  constructor(
    @Inject(CONFIG) private readonly settings: IngestSettings & Pick<Config, 'mqtt'>,
    private readonly catalog: Catalog,
    @Inject(MESSAGE_SOURCE) private readonly source: MessageSource,
    { active: model }: Models,
    private readonly taxa: Taxa,
    @Inject(LOG) private readonly log: Logger,
  ) {
    const active = model && activeModel(model);
    const settler = new RunCompleter(settings, () => active);
    const publish = (topic: string, payload: string) => source.publish(topic, payload, { qos: 0 });
    this.journal = new Journal(journalFolder(settings.dataDir));
    this.diskThread = new DiskThread(settings.dataDir);
    const bytes = new CropStore(catalog.db, settings.dataDir, {
      journal: this.journal,
      thread: this.diskThread,
    });
    this.pictures = new PictureCheck(catalog, bytes, this.diskThread, (damaged) => {
      log.error(
        { pictures: damaged.length, some: namesOf(damaged) },
        'pictures are missing or damaged on the disk: they are looked for in the backup, and their traps are asked for them',
      );
      this.work.wake('damaged');
    });
    this.work = new BackgroundWork({
      settings,
      catalog,
      journal: this.journal,
      source,
      settler,
      bytes,
      pictures: this.pictures,
      disk: this.diskThread,
      receive: (crop, bytes) => this.crops.receive(crop, bytes, Date.now()),
      model,
      taxa,
      log,
    });
    this.disk = diskGuard(settings, log);
    this.presence = new Presence(catalog);
    this.crops = new CropReceiver(catalog, bytes, this.journal, settler, this.pictures, settings.limits, () =>
      this.work.wake('crops'),
    );
    this.runs = new RunReceiver(catalog, settler, settings.timeZone, () => this.work.wake('runs'));
    this.traps = new TrapReceiver(catalog, settings.timeZone, settings.influx !== undefined, () =>
      this.work.wake('zones'),
    );
    this.deadLetters = new DeadLetters(
      catalog,
      this.disk,
      this.turns,
      settings.limits.cropBytes,
      (run, end, nowMs) => this.runs.salvagedEnd(run, end, nowMs),
      publish,
      log,
    );
    this.messages = new MessageReceiver(this);
  }

  get limits(): IngestSettings['limits'] {
    return this.settings.limits;
  }

  readonly noteOnline = (trapId: string): void => this.work.greet(trapId);

  /** What a trap answers to a command is for the operator's log. */
  readonly noteAnswer = (trapId: string, commandId: string, { ok, message }: CommandAnswerPayload): void =>
    this.log.info({ trapId, commandId, ok, message }, 'a trap answered a command');

  /** Before the first message. */
  async onModuleInit(): Promise<void> {
    await this.disk.start();
    this.presence.start();
  }

  /** When the ports are open: a process that cannot have them must not touch the data of the one that has. */
  async begin(): Promise<void> {
    await this.restoreRetained();
    this.work.start();
  }

  /** With a broker of our own every trap is disconnected at the start, and nothing is retained yet. */
  private async restoreRetained(): Promise<void> {
    const { catalog } = this;
    if (this.settings.mqtt.url) return;
    for (const { trapId, status } of await onlineTraps(catalog.db)) {
      const payload = { v: 1, ...status, state: 'offline' } as StatusPayload;
      await this.traps.status(trapId, topicOf.status(trapId), payload, Date.now());
    }
    for (const { topic, payload } of await listRetained(catalog.db)) {
      const named = namedMessage(topic, payload, await this.taxa.read());
      await this.source.publish(topic, named, { retain: true });
    }
  }

  /** Something was deleted for good: its bytes leave the journal as soon as nothing else is needed beside them. */
  async forgetJournal(): Promise<void> {
    await this.journal.retire();
    this.work.wake('crops');
  }

  /** From here on nothing new is taken; what is in flight still ends well. */
  beforeApplicationShutdown(): void {
    this.disk.close();
  }

  /** After the transports have drained. */
  async onApplicationShutdown(): Promise<void> {
    await this.work.stop();
    await this.presence.stop();
    await this.journal.close();
    await this.diskThread.close();
  }
}

function diskGuard({ dataDir, limits }: IngestSettings, log: Logger): DiskGuard {
  const reserveBytes = limits.diskReserveBytes;
  return new DiskGuard({
    folder: dataDir,
    reserveBytes,
    onChange: ({ full, freeBytes }) => {
      if (full)
        log.error(
          { freeBytes, reserveBytes },
          'the disk is under its reserve: nothing is acknowledged until there is room',
        );
      else log.info({ freeBytes }, 'the disk has room again');
    },
  });
}
