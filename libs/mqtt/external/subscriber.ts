import type { ISubscriptionMap, MqttClient } from 'mqtt';
import type { Connection } from './connection.js';
import type { ExternalSettings } from './external-options.js';

/** Subscribes at every connect, and again with growing pauses as long as the broker refuses. */
export class Subscriber {
  /** Whether the broker knows shared subscriptions; it says so when it lets us in. */
  mayShare = true;

  constructor(
    private readonly client: MqttClient,
    private readonly filters: readonly string[],
    private readonly settings: ExternalSettings,
  ) {}

  /** All that this or an older version may have subscribed to. */
  get allFilters(): readonly string[] {
    return [...this.filters, ...this.#shared()];
  }

  subscribe(
    delivery: Connection,
    onGranted: (() => void) | undefined,
    onRefused: (error: Error) => void,
    pauseMs = this.settings.firstPauseMs,
  ): void {
    const isShared = this.mayShare && this.settings.sharedGroup !== undefined;
    this.client.subscribe(subscriptions(isShared ? this.#shared() : this.filters), (error, granted) => {
      // The next connection subscribes for itself.
      if (delivery.isEnded) return;
      const isUnsafe = granted?.some(({ qos }) => qos < 1);
      if (!error && !isUnsafe) {
        delivery.isSubscribed = true;
        if (isShared) this.#askForRetained(delivery, onRefused);
        onGranted?.();
        return;
      }
      onRefused(error ?? new Error('the broker grants QoS 0 only: messages could be lost'));
      const next = Math.min(this.settings.longestPauseMs, pauseMs * 2);
      setTimeout(() => {
        if (!delivery.isEnded) this.subscribe(delivery, onGranted, onRefused, next);
      }, pauseMs).unref();
    });
  }

  /** A broker hands them over with the subscription; what is published later comes to one of the group. */
  #askForRetained(delivery: Connection, onRefused: (error: Error) => void): void {
    const { retainedFilters = [] } = this.settings;
    if (!retainedFilters.length) return;
    this.client.subscribe(subscriptions(retainedFilters), (error) => {
      if (delivery.isEnded) return;
      if (error) onRefused(error);
      else this.client.unsubscribe([...retainedFilters], () => {});
    });
  }

  #shared(): readonly string[] {
    const { sharedGroup } = this.settings;
    return sharedGroup === undefined ? [] : this.filters.map((filter) => `$share/${sharedGroup}/${filter}`);
  }
}

// Made anew each time: MQTT.js writes what was granted into it.
const subscriptions = (filters: readonly string[]): ISubscriptionMap =>
  Object.fromEntries(filters.map((filter) => [filter, { qos: 1 as const }]));
