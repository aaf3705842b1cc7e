import { Inject, Injectable, Optional } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Overuse } from '../../libs/async/index.js';
import type { Config } from '../../libs/config/index.js';
import { VERSION } from '../../libs/config/index.js';
import type { Db } from '../../libs/database/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { MessageSource, SourceStats } from '../../libs/mqtt/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { MESSAGE_SOURCE } from '../broker/index.js';
import { countDeadLetters } from '../dead-letters/index.js';
import { Reception } from '../http/index.js';
import { Classifier, Models } from '../models/index.js';
import { countInProgress } from '../observations/index.js';
import { waitingMessages, waitingPoints } from '../outbox/index.js';
import { CONFIG } from '../platform/index.js';
import { listTraps } from '../traps/index.js';

/** The figures of this service and of its process, in a registry of their own. */
@Injectable()
export class ServiceMetrics {
  readonly registry = new Registry();

  constructor(
    catalog: Catalog,
    @Inject(CONFIG) config: Pick<Config, 'dataDir' | 'limits'>,
    models: Models,
    overuse: Overuse,
    @Optional() @Inject(MESSAGE_SOURCE) source?: MessageSource,
    @Optional() reception?: Reception,
    @Optional() classifier?: Classifier,
  ) {
    collectDefaultMetrics({ register: this.registry });
    const readings = [
      ...catalogGauges(catalog.reader),
      ...stationGauges(config, models),
      ...(reception ? [overuseGauge(overuse)] : []),
      ...(classifier ? classifierGauges(classifier) : []),
      ...(source ? brokerGauges(source) : []),
    ];
    for (const reading of readings) addGauge(this.registry, reading);
  }
}

const STATES = ['off', 'starting', 'running', 'failed'] as const;

const secondsSince = (oldestMs: number | undefined): number =>
  oldestMs === undefined ? 0 : Math.max(0, Date.now() - oldestMs) / 1000;

const catalogGauges = (reader: Db): Reading[] => [
  {
    name: 'crops_under_way',
    help: 'Crops by stage: inbox (no plain file yet), waiting (for the classifier)',
    labelNames: ['stage'],
    read: async () =>
      Object.entries(await countInProgress(reader)).map(([stage, value]) => ({ value, labels: { stage } })),
  },
  {
    name: 'outbox_messages',
    help: 'Receipts and results that wait to go out',
    read: async () => [{ value: (await waitingMessages(reader)).depth }],
  },
  {
    name: 'outbox_oldest_seconds',
    help: 'How long the oldest of them waits',
    read: async () => [{ value: secondsSince((await waitingMessages(reader)).oldestMs) }],
  },
  {
    name: 'points_waiting',
    help: 'Points that wait for InfluxDB',
    read: async () => [{ value: (await waitingPoints(reader)).depth }],
  },
  {
    name: 'points_oldest_seconds',
    help: 'How long the oldest point waits for InfluxDB',
    read: async () => [{ value: secondsSince((await waitingPoints(reader)).oldestMs) }],
  },
  {
    name: 'dead_letters',
    help: 'Distinct messages that were set aside for good',
    read: async () => [{ value: await countDeadLetters(reader) }],
  },
  {
    name: 'trap_last_message_timestamp_seconds',
    help: 'When a trap last spoke',
    labelNames: ['trap'],
    read: async () =>
      (await listTraps(reader)).flatMap(({ trapId: trap, lastMessageAtMs: atMs }) =>
        atMs === null ? [] : [{ value: atMs / 1000, labels: { trap } }],
      ),
  },
];

const stationGauges = (
  { dataDir, limits }: Pick<Config, 'dataDir' | 'limits'>,
  { active }: Models,
): Reading[] => [
  {
    name: 'info',
    help: 'Version and model',
    labelNames: ['version', 'model'],
    read: () => [{ value: 1, labels: { version: VERSION, model: active?.key ?? 'none' } }],
  },
  {
    name: 'disk_free_bytes',
    help: 'Free on the disk of the data folder',
    read: async () => [{ value: await freeBytes(dataDir) }],
  },
  {
    name: 'disk_reserve_bytes',
    help: 'Under this many free bytes no message is taken',
    read: () => [{ value: limits.diskReserveBytes }],
  },
];

const overuseGauge = (overuse: Overuse): Reading => ({
  name: 'overuse',
  help: '1 for each account or address that takes more than its share and is held back',
  labelNames: ['kind', 'name', 'of'],
  read: () => overuse.current().map((overuser) => ({ value: 1, labels: { ...overuser } })),
});

const classifierGauges = (classifier: Classifier): Reading[] => [
  {
    name: 'classifier_crops',
    help: 'Crops that are with the classifier',
    read: () => [{ value: classifier.status.classifying }],
  },
  {
    name: 'classifier_ready',
    help: '1 while the classifier runs',
    read: () => [{ value: classifier.status.state === 'running' ? 1 : 0 }],
  },
  {
    name: 'classifier_state',
    help: '1 for what the classifier does: off, starting, running or failed (the model cannot be used)',
    labelNames: ['state'],
    read: () =>
      STATES.map((state) => ({ value: classifier.status.state === state ? 1 : 0, labels: { state } })),
  },
];

interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Reading {
  /** Without the prefix `trapline_`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: () => Promise<readonly Sample[]> | readonly Sample[];
}

/** A figure that is read when somebody asks. What cannot be read then is left out, so that the rest still comes. */
function addGauge(registry: Registry, { name, help, labelNames = [], read }: Reading): void {
  new Gauge({
    name: `trapline_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      const samples = await Promise.resolve()
        .then(read)
        .catch(() => []);
      this.reset();
      // A gauge without labels would say 0 where nobody knows.
      if (!labelNames.length) this.remove();
      for (const { value, labels } of samples) this.set(labels ?? {}, value);
    },
  });
}

/** What of the source's figures is shown, and as what. Those named `_total` start at 0 with the process. */
const SHOWN: readonly (readonly [stat: keyof SourceStats, name: string, help: string])[] = [
  ['received', 'mqtt_received_total', 'Messages that came in'],
  ['settled', 'mqtt_settled_total', 'Messages that were stored or set aside, and may be acknowledged'],
  ['unsafe', 'mqtt_unsafe_total', 'Messages published with QoS 0: nobody would notice their loss'],
  ['stale', 'mqtt_stale_total', 'Messages settled after their connection had ended: they come again'],
  ['foreign', 'mqtt_foreign_total', 'Messages to topics that their sender may not use'],
  ['deniedConnects', 'mqtt_denied_connects_total', 'Connections that were refused'],
  ['tooLargeAnnounced', 'mqtt_too_large_total', 'Packets over the limit'],
  ['inFlight', 'mqtt_in_flight', 'Messages that are being settled'],
  ['bytesHeld', 'mqtt_held_bytes', 'Payload bytes that are held or promised to senders'],
  ['clients', 'mqtt_clients', 'Connected clients; with an external broker 1 while connected'],
];

const brokerGauges = (source: MessageSource): Reading[] => [
  {
    name: 'mqtt_connected',
    help: '1 while messages can arrive',
    read: () => [{ value: source.connected ? 1 : 0 }],
  },
  ...SHOWN.map(
    ([stat, name, help]): Reading => ({ name, help, read: () => [{ value: source.stats[stat] }] }),
  ),
];
