import type { MqttClient } from 'mqtt';
import type { PublishOptions } from '../message.js';

/**
 * A client of an external broker that only publishes. On a connection of its own, because the PUBACKs of one that also
 * receives wait behind every message that it has no room for.
 */
export class Outgoing {
  readonly #unacknowledged = new Set<number>();

  constructor(
    private readonly client: MqttClient,
    private readonly timeoutMs: number,
  ) {
    client.on('close', () => this.#forget());
  }

  get connected(): boolean {
    return this.client.connected;
  }

  /** Rejects where the broker has not taken it, or has not said so in time. */
  publish(
    topic: string,
    payload: Buffer | string,
    { qos = 1, retain = false }: PublishOptions,
  ): Promise<void> {
    const { client } = this;
    if (!client.connected) return Promise.reject(new Error('not connected to the broker'));
    return new Promise((resolve, reject) => {
      let messageId: number | undefined;
      const timeout = setTimeout(() => {
        if (messageId !== undefined) client.removeOutgoingMessage(messageId);
        reject(new Error('the broker did not acknowledge in time'));
      }, this.timeoutMs);
      client.publish(topic, payload, { qos, retain }, (error) => {
        clearTimeout(timeout);
        if (messageId !== undefined) this.#unacknowledged.delete(messageId);
        if (error) reject(error);
        else resolve();
      });
      if (qos === 0) return;
      messageId = client.getLastMessageId();
      this.#unacknowledged.add(messageId);
    });
  }

  /** Rejects what waits for a PUBACK: whoever published it tries again, MQTT.js must not do so as well. */
  #forget(): void {
    for (const messageId of this.#unacknowledged) this.client.removeOutgoingMessage(messageId);
    this.#unacknowledged.clear();
  }
}
