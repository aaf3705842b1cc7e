import type { IPublishPacket, MqttClient } from 'mqtt';
import { readTopic } from '../../protocol/index.js';
import { chargeFor } from '../embedded/admission.js';
import type { Semaphore } from '../embedded/byte-semaphore.js';
import type { Acknowledge, Message } from '../message.js';
import { Connection } from './connection.js';

// MQTT.js sends no acknowledgement when the callback gets an error, and goes on with the next packet. The
// acknowledgement goes out later, when the message is settled.
const DEFERRED = new Error('acknowledged later');

type Done = (error?: Error) => void;

/** What all connections on which messages come have in common. */
interface Intaking {
  readonly slots: Semaphore;
  readonly bytes: Semaphore;
  readonly counts: { received: number; settled: number; unsafe: number; stale: number };
  readonly settle: Acknowledge;
  readonly isClosing: () => boolean;
  readonly onProblem: (error: Error) => void;
}

/** A client of an external broker on which messages come; each is acknowledged when it is settled. */
export class Incoming {
  delivery: Connection;
  #underWay = 0;
  readonly #ping: NodeJS.Timeout;

  /** Call it in the same tick as the connect: a resumed session delivers together with the CONNACK. */
  constructor(
    private readonly client: MqttClient,
    private readonly shared: Intaking,
    keepAliveS: number,
  ) {
    this.delivery = this.#newDelivery();
    client.handleMessage = (packet, done) => {
      void this.#receive(packet, done as Done);
    };
    client.on('close', () => {
      this.delivery.end();
      this.delivery = this.#newDelivery();
    });
    this.#ping = setInterval(() => this.#pingWhileParked(), (keepAliveS * 1000) / 3).unref();
  }

  /** Nothing that came is still unsettled. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  stop(): void {
    clearInterval(this.#ping);
  }

  async #receive(packet: IPublishPacket, done: Done): Promise<void> {
    const { slots, bytes, counts, isClosing } = this.shared;
    const { delivery } = this;
    const charge = chargeFor(packet.payload.length);
    this.#underWay++;
    // While it waits for room the client reads nothing: the bound on our memory.
    delivery.isParked = true;
    await new Promise<void>((resolve) => slots.enter(1, resolve));
    await new Promise<void>((resolve) => bytes.enter(charge, resolve));
    const leave = () => {
      this.#underWay--;
      bytes.leave(charge);
      slots.leave(1);
    };
    if (delivery.isEnded || isClosing()) {
      leave();
      // Reads to the end without acknowledging, so that the connection can be closed in order.
      return done(DEFERRED);
    }
    counts.received++;
    if (packet.qos === 0) counts.unsafe++;
    const settled = this.#settle(messageOf(packet));
    const acknowledge = packet.qos === 1 ? delivery.arrived(packet.messageId as number) : () => true;
    // The PUBCOMP of QoS 2 cannot be sent later. We subscribe with QoS 1, so it is rare.
    if (packet.qos === 2) await settled.then((isSettled) => done(isSettled ? undefined : DEFERRED));
    else done(packet.qos === 1 ? DEFERRED : undefined);
    delivery.isParked = false;
    if ((await settled) && !acknowledge()) counts.stale++;
    // Only now: `close` ends the connection when nobody is inside any more.
    leave();
  }

  async #settle(message: Message): Promise<boolean> {
    const { counts, settle, onProblem } = this.shared;
    try {
      const isSettled = await settle(message);
      if (isSettled) counts.settled++;
      return isSettled;
    } catch (error) {
      // Against its contract; unacknowledged, the message comes again with the next connection.
      onProblem(error as Error);
      return false;
    }
  }

  #newDelivery(): Connection {
    const { client } = this;
    return new Connection((messageId) => {
      if (client.connected) client['_sendPacket']({ cmd: 'puback', messageId, reasonCode: 0 });
    });
  }

  // A parked client does not read the PINGRESP, and would take the broker for dead.
  #pingWhileParked(): void {
    if (!this.delivery.isParked || !this.client.connected) return;
    this.client.reschedulePing(true);
    this.client.sendPing();
  }
}

function messageOf(packet: IPublishPacket): Message {
  const { topic, payload, qos, retain, dup } = packet;
  return { topic, parsed: readTopic(topic), payload: payload as Buffer, qos, retain, duplicate: dup };
}
