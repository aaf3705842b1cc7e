import type { ISubscriptionMap, MqttClient } from 'mqtt';
import type { Delivery } from './delivery.js';
import type { ExternalSettings } from './external-options.js';

/** Subscribes at every connect, and again with growing pauses as long as the broker refuses. */
export class Subscriber {
  readonly #client: MqttClient;
  readonly #settings: ExternalSettings;
  readonly #filters: readonly string[];

  constructor(client: MqttClient, filters: readonly string[], settings: ExternalSettings) {
    const { sharedGroup } = settings;
    this.#client = client;
    this.#settings = settings;
    this.#filters = sharedGroup ? filters.map((filter) => `$share/${sharedGroup}/${filter}`) : filters;
  }

  subscribe(
    delivery: Delivery,
    onGranted: (() => void) | undefined,
    onRefused: (error: Error) => void,
    pauseMs = this.#settings.firstPauseMs,
  ): void {
    this.#client.subscribe(this.#subscriptions(), (error, granted) => {
      // The next connection subscribes for itself.
      if (delivery.isEnded) return;
      const isUnsafe = granted?.some(({ qos }) => qos < 1);
      if (!error && !isUnsafe) {
        delivery.isSubscribed = true;
        onGranted?.();
        return;
      }
      onRefused(error ?? new Error('the broker grants QoS 0 only: messages could be lost'));
      const next = Math.min(this.#settings.longestPauseMs, pauseMs * 2);
      setTimeout(() => {
        if (!delivery.isEnded) this.subscribe(delivery, onGranted, onRefused, next);
      }, pauseMs).unref();
    });
  }

  // Made anew each time: MQTT.js writes what was granted into it.
  #subscriptions(): ISubscriptionMap {
    // No Local keeps our own publishes away; together with `$share` it is a protocol error [MQTT-3.8.3-4].
    const nl = this.#settings.protocolVersion === 5 && !this.#settings.sharedGroup;
    return Object.fromEntries(this.#filters.map((filter) => [filter, { qos: 1 as const, nl }]));
  }
}
