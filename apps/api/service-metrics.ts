import { collectDefaultMetrics, Registry } from 'prom-client';
import {
  countDeadLetters,
  countUnderWay,
  listTraps,
  waitingMessages,
  waitingPoints,
} from '../../libs/catalog/index.js';
import { freeBytes } from '../../libs/images/index.js';
import { brokerReadings } from './broker-readings.js';
import type { ApiParts } from './parts.js';
import { addReading, type Reading } from './read-gauge.js';

/** The figures of this service, and those of its process, in a registry that goes with the API. */
export function serviceMetrics(parts: ApiParts): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { source } = parts;
  const readings = [
    ...catalogReadings(parts),
    ...stationReadings(parts),
    ...(source ? brokerReadings(source) : []),
  ];
  for (const reading of readings) addReading(registry, reading);
  return registry;
}

const STATES = ['off', 'starting', 'running', 'failed'] as const;

const secondsSince = (oldestMs: number | undefined): number =>
  oldestMs === undefined ? 0 : Math.max(0, Date.now() - oldestMs) / 1000;

const catalogReadings = ({ catalog: { reader } }: ApiParts): Reading[] => [
  {
    name: 'crops_under_way',
    help: 'Crops by stage: inbox (no plain file yet), waiting (for the classifier)',
    labelNames: ['stage'],
    read: async () =>
      Object.entries(await countUnderWay(reader)).map(([stage, value]) => ({ value, labels: { stage } })),
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
      (await listTraps(reader)).flatMap(({ trap_id: trap, last_message_at: atMs }) =>
        atMs === null ? [] : [{ value: atMs / 1000, labels: { trap } }],
      ),
  },
];

function stationReadings({
  dataDir,
  diskReserveBytes,
  model,
  version,
  classifier,
  overuse,
}: ApiParts): Reading[] {
  const readings: Reading[] = [
    {
      name: 'info',
      help: 'Version and model',
      labelNames: ['version', 'model'],
      read: () => [{ value: 1, labels: { version, model: model?.key ?? 'none' } }],
    },
    {
      name: 'disk_free_bytes',
      help: 'Free on the disk of the data folder',
      read: async () => [{ value: await freeBytes(dataDir) }],
    },
    {
      name: 'disk_reserve_bytes',
      help: 'Under this many free bytes no message is taken',
      read: () => [{ value: diskReserveBytes }],
    },
  ];
  if (overuse)
    readings.push({
      name: 'overuse',
      help: '1 for each account or address that takes more than its share and is held back',
      labelNames: ['kind', 'name', 'of'],
      read: () => overuse.current().map((overuser) => ({ value: 1, labels: { ...overuser } })),
    });
  if (!classifier) return readings;
  return [
    ...readings,
    {
      name: 'classifier_crops',
      help: 'Crops that are with the classifier',
      read: () => [{ value: classifier().classifying }],
    },
    {
      name: 'classifier_ready',
      help: '1 while the classifier runs',
      read: () => [{ value: classifier().state === 'running' ? 1 : 0 }],
    },
    {
      name: 'classifier_state',
      help: '1 for what the classifier does: off, starting, running or failed (the model cannot be used)',
      labelNames: ['state'],
      read: () => STATES.map((state) => ({ value: classifier().state === state ? 1 : 0, labels: { state } })),
    },
  ];
}
