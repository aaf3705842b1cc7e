import type { MessageSource, SourceStats } from '../../libs/mqtt/index.js';
import type { Reading } from './read-gauge.js';

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

export const brokerReadings = (source: MessageSource): Reading[] => [
  {
    name: 'mqtt_connected',
    help: '1 while messages can arrive',
    read: () => [{ value: source.connected ? 1 : 0 }],
  },
  ...SHOWN.map(
    ([stat, name, help]): Reading => ({ name, help, read: () => [{ value: source.stats[stat] }] }),
  ),
];
