import type { ISubscriptionMap, MqttClient } from 'mqtt';
import { backoffMs } from '../../async/index.js';
import type { Connection } from './connection.js';
import type { ExternalSettings } from './external-options.js';

/** Subscribes at every connect, and again with growing pauses as long as the broker refuses. */
export class Subscriber {
  constructor(
    private readonly client: MqttClient,
    readonly filters: readonly string[],
    private readonly settings: ExternalSettings,
  ) {}

  subscribe(
    delivery: Connection,
    onGranted: (() => void) | undefined,
    onRefused: (error: Error) => void,
    failures = 0,
  ): void {
    this.client.subscribe(subscriptions(this.filters), (error, granted) => {
      // The next connection subscribes for itself.
      if (delivery.isEnded) return;
      const isUnsafe = granted?.some(({ qos }) => qos < 1);
      if (!error && !isUnsafe) {
        delivery.isSubscribed = true;
        onGranted?.();
        return;
      }
      onRefused(error ?? new Error('the broker grants QoS 0 only: messages could be lost'));
      setTimeout(
        () => {
          if (!delivery.isEnded) this.subscribe(delivery, onGranted, onRefused, failures + 1);
        },
        backoffMs(failures + 1, this.settings.backoff),
      ).unref();
    });
  }
}

// Made anew each time: MQTT.js writes what was granted into it.
const subscriptions = (filters: readonly string[]): ISubscriptionMap =>
  Object.fromEntries(filters.map((filter) => [filter, { qos: 1 as const }]));
