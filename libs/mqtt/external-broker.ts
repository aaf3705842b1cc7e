import { setTimeout as delay } from 'node:timers/promises';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { chargeFor } from './admission.js';
import { Delivery } from './delivery.js';
import {
  EXTERNAL_DEFAULTS,
  type ExternalBrokerOptions,
  type ExternalSettings,
  openClient,
} from './external-options.js';
import type { Message, MessageSource, PublishOptions, Settle, SourceStats } from './message.js';
import { Room } from './room.js';
import { Subscriber } from './subscriber.js';
import { withDefaults } from './with-defaults.js';

// MQTT.js sends no acknowledgement when the callback gets an error, and goes on with the next packet. The
// acknowledgement goes out later, when the message is settled.
const DEFERRED = new Error('acknowledged later');

type Done = (error?: Error) => void;

/**
 * Messages from a broker elsewhere (MQTT 5 or 3.1.1), through a persistent session: what is not acknowledged
 * when the process dies comes again. Reconnects without end, and subscribes again at every connect.
 *
 * A handler must not wait for `publish`: while all slots are taken nothing is read, and no PUBACK either.
 */
export class ExternalBroker implements MessageSource {
  readonly #settings: ExternalSettings;
  readonly #slots: Room;
  readonly #bytes: Room;
  readonly #counts = { received: 0, settled: 0, unsafe: 0, stale: 0, deniedConnects: 0 };
  readonly #publishing = new Set<number>();
  #client: MqttClient | undefined;
  #delivery: Delivery;
  #problem: Error | undefined;
  #isClosing = false;
  #ping: NodeJS.Timeout | undefined;

  constructor(options: ExternalBrokerOptions) {
    this.#settings = withDefaults(EXTERNAL_DEFAULTS, options);
    this.#slots = new Room(this.#settings.maxInFlight);
    this.#bytes = new Room(this.#settings.maxBytesHeld);
    this.#delivery = this.#newDelivery();
  }

  get connected(): boolean {
    return this.#delivery.isSubscribed && !this.#isClosing;
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
  async listen(filters: readonly string[], settle: Settle): Promise<void> {
    const { firstPauseMs, longestPauseMs, keepAliveS, onConnect } = this.#settings;
    // Loaded here: a service with a broker of its own starts faster without it.
    const { default: mqtt } = await import('mqtt');
    if (this.#isClosing) return;
    const client = openClient(this.#settings, mqtt.connect);
    this.#client = client;
    // In the same tick as the connect: a resumed session delivers together with the CONNACK.
    client.handleMessage = (packet, done) => {
      this.#receive(packet, done as Done, settle);
    };
    const subscriber = new Subscriber(client, filters, this.#settings);
    client.on('connect', () => {
      client.options.reconnectPeriod = firstPauseMs;
      this.#delivery.isOpen = true;
      subscriber.subscribe(this.#delivery, onConnect, (error) => this.#fail(error));
    });
    client.on('reconnect', () => {
      const { reconnectPeriod = firstPauseMs } = client.options;
      client.options.reconnectPeriod = Math.min(longestPauseMs, reconnectPeriod * (1.5 + Math.random() / 2));
    });
    client.on('close', () => this.#disconnected(client));
    client.on('error', (error: Error & { code?: unknown }) => {
      if (typeof error.code === 'number') this.#counts.deniedConnects++;
      this.#fail(error);
    });
    this.#ping = setInterval(() => this.#pingWhileParked(client), (keepAliveS * 1000) / 3).unref();
  }

  publish(topic: string, payload: Buffer | string, options: PublishOptions = {}): Promise<void> {
    const { qos = 1, retain = false } = options;
    const client = this.#client;
    if (!client || !this.#delivery.isOpen) return Promise.reject(new Error('not connected to the broker'));
    return new Promise((resolve, reject) => {
      let messageId: number | undefined;
      const timeout = setTimeout(() => {
        if (messageId !== undefined) client.removeOutgoingMessage(messageId);
        reject(new Error('the broker did not acknowledge in time'));
      }, this.#settings.publishTimeoutMs);
      client.publish(topic, payload, { qos, retain }, (error) => {
        clearTimeout(timeout);
        if (messageId !== undefined) this.#publishing.delete(messageId);
        if (error) reject(error);
        else resolve();
      });
      if (qos === 0) return;
      messageId = client.getLastMessageId();
      this.#publishing.add(messageId);
    });
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const client = this.#client;
    if (!client) return;
    const drained = new AbortController();
    const pause = (ms: number) => delay(ms, undefined, { signal: drained.signal }).catch(() => {});
    await Promise.race([this.#slots.whenEmpty(), pause(this.#settings.drainTimeoutMs)]);
    clearInterval(this.#ping);
    this.#forgetPublishing(client);
    const ended = client.endAsync(!client.connected);
    // A broker that does not answer the end must not hold up ours.
    await Promise.race([ended, pause(1000).then(() => client.stream.destroy())]);
    drained.abort();
  }

  async #receive(packet: IPublishPacket, done: Done, settle: Settle): Promise<void> {
    const delivery = this.#delivery;
    const charge = chargeFor(packet.payload.length);
    // While it waits for room the client reads nothing: the bound on our memory.
    delivery.isParked = true;
    await this.#enter(charge);
    if (delivery.isEnded || this.#isClosing) {
      this.#leave(charge);
      // Reads to the end without acknowledging, so that the connection can be closed in order.
      return done(DEFERRED);
    }
    this.#counts.received++;
    if (packet.qos === 0) this.#counts.unsafe++;
    const settled = this.#settle(messageOf(packet), settle);
    const acknowledge = packet.qos === 1 ? delivery.arrived(packet.messageId as number) : () => true;
    // The PUBCOMP of QoS 2 cannot be sent later. We subscribe with QoS 1, so it is rare.
    if (packet.qos === 2) await settled.then((isSettled) => done(isSettled ? undefined : DEFERRED));
    else done(packet.qos === 1 ? DEFERRED : undefined);
    delivery.isParked = false;
    if ((await settled) && !acknowledge()) this.#counts.stale++;
    // Only now: `close` ends the connection when nobody is inside any more.
    this.#leave(charge);
  }

  async #settle(message: Message, settle: Settle): Promise<boolean> {
    try {
      const isSettled = await settle(message);
      if (isSettled) this.#counts.settled++;
      return isSettled;
    } catch (error) {
      // Against its contract; unacknowledged, the message comes again with the next connection.
      this.#fail(error as Error);
      return false;
    }
  }

  async #enter(charge: number): Promise<void> {
    await new Promise<void>((resolve) => this.#slots.enter(1, resolve));
    await new Promise<void>((resolve) => this.#bytes.enter(charge, resolve));
  }

  #leave(charge: number): void {
    this.#bytes.leave(charge);
    this.#slots.leave(1);
  }

  #newDelivery(): Delivery {
    return new Delivery((messageId) => {
      const client = this.#client;
      if (client?.connected) client['_sendPacket']({ cmd: 'puback', messageId, reasonCode: 0 });
    });
  }

  #disconnected(client: MqttClient): void {
    this.#delivery.end();
    this.#delivery = this.#newDelivery();
    this.#forgetPublishing(client);
  }

  /** Rejects what waits for a PUBACK: whoever published it tries again, MQTT.js must not do so as well. */
  #forgetPublishing(client: MqttClient): void {
    for (const messageId of this.#publishing) client.removeOutgoingMessage(messageId);
    this.#publishing.clear();
  }

  // A parked client does not read the PINGRESP, and would take the broker for dead.
  #pingWhileParked(client: MqttClient): void {
    if (!this.#delivery.isParked || !client.connected) return;
    client.reschedulePing(true);
    client.sendPing();
  }

  #fail(error: Error): void {
    this.#problem = error;
    this.#settings.onProblem?.(error);
  }
}

function messageOf(packet: IPublishPacket): Message {
  const { topic, payload, qos, retain, dup } = packet;
  return { topic, payload: payload as Buffer, qos, retain, duplicate: dup };
}
