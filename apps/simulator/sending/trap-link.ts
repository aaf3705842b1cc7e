import { connectAsync, type MqttClient } from 'mqtt';
import type { LimitFunction } from 'p-limit';
import type { Outgoing } from '../messages/outgoing.js';
import type { TrapAccount } from './trap-account.js';

const IN_FLIGHT = 16;
const RECONNECT_MS = 500;

/** Counts over all traps, for whoever looks on. */
export interface Traffic {
  acknowledged: number;
  /** Messages that were sent and are not acknowledged yet. */
  underWay: number;
}

/** One trap's connection. What was not acknowledged when it broke is sent again when it is back. */
export class TrapLink {
  private client?: MqttClient | undefined;

  constructor(
    private readonly url: string,
    private readonly account: TrapAccount,
    private readonly will: Outgoing,
    private readonly traffic: Traffic,
    private readonly connecting: LimitFunction,
  ) {}

  /** Whether it means to be connected; a connection that is lost comes back by itself. */
  get isOpen(): boolean {
    return this.client !== undefined;
  }

  get isConnected(): boolean {
    return this.client?.connected ?? false;
  }

  /** @throws what the broker says to a wrong account, and what the network says */
  async open(): Promise<void> {
    const { trapId, password } = this.account;
    const { topic, payload, retain } = this.will;
    const client = await this.connecting(() =>
      connectAsync(this.url, {
        clientId: `${trapId}-${process.pid}`,
        username: trapId,
        ...(password !== undefined && { password }),
        will: { topic, payload: Buffer.from(payload), qos: 1, retain },
        reconnectPeriod: RECONNECT_MS,
      }),
    ).catch((cause) => {
      throw new Error(`${trapId} cannot connect to ${this.url}: ${cause.message}`, { cause });
    });
    // It connects again by itself; a service that is restarted is what some simulations are about.
    client.on('error', () => {});
    this.client = client;
  }

  /**
   * Publishes in order, some at once, and resolves when all are acknowledged.
   *
   * @param dropAfter breaks the connection when so many were handed over
   */
  async publish(messages: readonly Outgoing[], dropAfter?: number): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (const [i, message] of messages.entries()) {
      if (message.alone) await Promise.all(underWay);
      if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
      const sent = this.send(message).finally(() => underWay.delete(sent));
      underWay.add(sent);
      if (message.alone) await sent;
      if (i + 1 === dropAfter) this.client?.stream.destroy();
    }
    await Promise.all(underWay);
  }

  /** Goes without a goodbye, so that the last will speaks. */
  async breakOff(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    client?.stream.destroy();
    await client?.endAsync(true);
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    // One that is not connected would wait for a goodbye that never gets through.
    await client?.endAsync(!client.connected);
  }

  private async send({ topic, payload, retain }: Outgoing): Promise<void> {
    if (!this.client) throw new Error(`${topic}: there is no connection`);
    this.traffic.underWay += 1;
    await this.client.publishAsync(topic, payload as Buffer, { qos: 1, retain });
    this.traffic.underWay -= 1;
    this.traffic.acknowledged += 1;
  }
}
