import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { connect, MqttClient } from 'mqtt';
import { backoffMs } from '../../async/index.js';
import { Semaphore } from '../embedded/byte-semaphore.js';
import { withDefaults } from '../embedded/embedded-options.js';
import type { Acknowledge, MessageSource, PublishOptions, SourceStats } from '../message.js';
import {
  EXTERNAL_DEFAULTS,
  type ExternalBrokerOptions,
  type ExternalSettings,
  openClient,
} from './external-options.js';
import { Incoming } from './incoming.js';
import { Outgoing } from './outgoing.js';
import { Subscriber } from './subscriber.js';

/** Reason code of MQTT 5: another client came with our id. */
const SESSION_TAKEN_OVER = 0x8e;
const POLL_INTERVAL_MS = 100;

/**
 * Messages from a broker elsewhere (MQTT 5 or 3.1.1), through a persistent session: what is not acknowledged
 * when the process dies comes again. Reconnects without end, and subscribes again at every connect. What is published
 * goes out on a second connection, beside what comes in.
 */
export class ExternalBroker implements MessageSource {
  /** What Mosquitto takes by default without an acknowledgement. */
  readonly publishesAtOnce = 20;
  readonly #settings: ExternalSettings;
  readonly #slots: Semaphore;
  readonly #bytes: Semaphore;
  readonly #counts = { received: 0, settled: 0, unsafe: 0, stale: 0, deniedConnects: 0 };
  #connect: typeof connect | undefined;
  #subscriber: Subscriber | undefined;
  #incoming: Incoming | undefined;
  #outgoing: Outgoing | undefined;
  #settle: Acknowledge | undefined;
  readonly #clients: MqttClient[] = [];
  #problem: Error | undefined;
  #isClosing = false;
  /** Another process receives. */
  #isStandby = false;

  constructor(options: ExternalBrokerOptions) {
    this.#settings = withDefaults(EXTERNAL_DEFAULTS, options);
    this.#slots = new Semaphore(this.#settings.maxInFlight);
    this.#bytes = new Semaphore(this.#settings.maxBytesHeld);
  }

  /** Messages can come and go; with another process that receives: go. */
  get connected(): boolean {
    const receives = this.#isStandby || this.#incoming?.delivery.isSubscribed;
    return Boolean(receives && this.#outgoing?.connected) && !this.#isClosing;
  }

  /** Why it is not connected, as far as known. */
  get problem(): Error | undefined {
    return this.connected ? undefined : this.#problem;
  }

  get stats(): SourceStats {
    return {
      ...this.#counts,
      inFlight: this.#slots.used,
      maxInFlightSeen: this.#slots.peak,
      bytesHeld: this.#bytes.used,
      clients: this.connected ? 1 : 0,
      foreign: 0,
      tooLargeAnnounced: 0,
    };
  }

  /** Resolves at once, also while the broker is away; `connected` tells when messages can come. */
  async listen(filters: readonly string[], settle: Acknowledge): Promise<void> {
    // Loaded here: a service with a broker of its own starts faster without it.
    const { default: mqtt } = await import('mqtt');
    if (this.#isClosing) return;
    this.#connect = mqtt.connect;
    this.#settle = settle;
    // It receives nothing, so the broker has nothing to keep for it.
    const outgoing = this.#open(mqtt.connect, `trapline-out-${randomUUID()}`, false);
    this.#outgoing = new Outgoing(outgoing, this.#settings.publishTimeoutMs);
    const { clientId } = this.#settings;
    if (typeof clientId === 'string') return this.#receive(clientId, filters);
    this.#isStandby = true;
    void clientId.then((id) => {
      this.#isStandby = false;
      if (!this.#isClosing) this.#receive(id, filters);
    });
  }

  #receive(clientId: string, filters: readonly string[]): void {
    const client = this.#open(this.#connect as typeof connect, clientId, true);
    const incoming = this.#newIncoming(client, this.#settle as Acknowledge);
    this.#incoming = incoming;
    const subscriber = new Subscriber(client, filters, this.#settings);
    this.#subscriber = subscriber;
    client.on('connect', () => {
      subscriber.subscribe(incoming.delivery, this.#settings.onConnect, (error) => this.#fail(error));
    });
  }

  publish(topic: string, payload: Buffer | string, options: PublishOptions = {}): Promise<void> {
    return (
      this.#outgoing?.publish(topic, payload, options) ??
      Promise.reject(new Error('not connected to the broker'))
    );
  }

  /**
   * Receives what the broker keeps for a session that no process uses any more, as if it had come to this one, and ends
   * the session. Call it when this process receives: messages that are published from then on reach its own session.
   * The queue is empty when a marker, published after the session was unsubscribed from everything else, has come out.
   *
   * @throws where the connection breaks or another process takes the session: what was not settled stays in it
   */
  async takeOver(clientId: string): Promise<void> {
    const connectTo = this.#connect;
    const settle = this.#settle;
    if (!connectTo || !settle || !this.#subscriber) throw new Error('not listening');
    const once = { clientId, reconnectPeriod: 0 };
    const client = openClient(this.#settings, connectTo, { ...once, clean: false });
    // In the roots that belong to the service, and no trap's: nobody else may publish there.
    const marker = `traps/v1/drain-${randomUUID()}/drained`;
    let isDrained = false;
    const incoming = this.#newIncoming(client, async (message) => {
      if (message.topic !== marker) return settle(message);
      isDrained = true;
      return true;
    });
    try {
      const { sessionPresent } = await whenConnected(client);
      if (sessionPresent) {
        await client.unsubscribeAsync([...this.#subscriber.filters]);
        await client.subscribeAsync(marker, { qos: 1 });
        await this.publish(marker, '');
        while (!isDrained || !incoming.isIdle) {
          if (!client.connected || this.#isClosing)
            throw new Error(`the session ${clientId} was not taken over`);
          await delay(POLL_INTERVAL_MS);
        }
      }
      await client.endAsync();
      // Clean, and gone with its connection.
      const last = openClient(this.#settings, connectTo, { ...once, clean: true });
      await whenConnected(last);
      await last.endAsync();
    } finally {
      incoming.stop();
      client.end(true);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const drained = new AbortController();
    const pause = (ms: number) => delay(ms, undefined, { signal: drained.signal }).catch(() => {});
    await Promise.race([this.#slots.whenEmpty(), pause(this.#settings.drainTimeoutMs)]);
    this.#incoming?.stop();
    await Promise.all(
      this.#clients.map((client) =>
        // A broker that does not answer the end must not hold up ours.
        Promise.race([client.endAsync(!client.connected), pause(1000).then(() => client.stream.destroy())]),
      ),
    );
    drained.abort();
  }

  /** A client that reconnects without end. */
  #open(connectTo: typeof connect, clientId: string, isPersistent: boolean): MqttClient {
    const { backoff } = this.#settings;
    let attempts = 1;
    const client = openClient(this.#settings, connectTo, { clientId, clean: !isPersistent });
    this.#clients.push(client);
    client.on('connect', () => {
      attempts = 1;
      client.options.reconnectPeriod = backoff.firstMs;
    });
    client.on('reconnect', () => {
      attempts += 1;
      client.options.reconnectPeriod = backoffMs(attempts, backoff);
    });
    client.on('error', (error: Error & { code?: unknown }) => {
      if (typeof error.code === 'number') this.#counts.deniedConnects++;
      this.#fail(error);
    });
    client.on('disconnect', ({ reasonCode }) => {
      if (reasonCode === SESSION_TAKEN_OVER)
        this.#fail(
          new Error('another client has connected with the id of this service: was its data folder copied?'),
        );
    });
    return client;
  }

  #newIncoming(client: MqttClient, settle: Acknowledge): Incoming {
    const shared = {
      slots: this.#slots,
      bytes: this.#bytes,
      counts: this.#counts,
      settle,
      isClosing: () => this.#isClosing,
      onProblem: (error: Error) => this.#fail(error),
    };
    return new Incoming(client, shared, this.#settings.keepAliveS);
  }

  #fail(error: Error): void {
    this.#problem = error;
    this.#settings.onProblem?.(error);
  }
}

function whenConnected(client: MqttClient): Promise<{ readonly sessionPresent: boolean }> {
  return new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.on('error', reject);
    client.once('close', () => reject(new Error('the connection to the broker was closed')));
  });
}
