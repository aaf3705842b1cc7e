import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { OutgoingMessage } from '../../../libs/protocol/index.js';

const GOODBYE_MS = 2000;

/** The connection is gone; whether what was under way has arrived, nobody knows. */
export class ConnectionLost extends Error {
  readonly code = 'connection-lost';
}

/** One connection, from the broker's welcome to its end. It does not come back: another one does. */
export class Connection {
  private readonly underWay = new Set<(error: Error) => void>();
  private isOver = false;
  /** Resolves when it is over. */
  readonly over: Promise<void>;

  private constructor(private readonly client: MqttClient) {
    this.over = new Promise((resolve) => {
      client.once('close', () => {
        this.isOver = true;
        for (const fail of [...this.underWay]) fail(new ConnectionLost('the connection was lost'));
        client.end(true);
        resolve();
      });
    });
    // It says why before it closes; what counts is that it does.
    client.on('error', () => {});
  }

  /**
   * @param onMessage gets what the topics of `filters` bring
   * @param stop ends an attempt that nobody waits for any more
   * @throws what the broker says to a wrong account, and what the network says
   */
  static async open(
    url: string,
    options: IClientOptions,
    filters: readonly string[],
    onMessage: (topic: string, payload: Buffer) => void,
    stop: AbortSignal,
  ): Promise<Connection> {
    stop.throwIfAborted();
    const client = connect(url, { ...options, clean: true, reconnectPeriod: 0, resubscribe: false });
    client.on('message', onMessage);
    const end = () => void client.end(true);
    stop.addEventListener('abort', end);
    try {
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('error', reject);
        client.once('close', () => reject(new ConnectionLost('the broker closed the connection')));
      });
      const connection = new Connection(client);
      // A connection that ends meanwhile would leave the subscription waiting for ever.
      const lost = connection.over.then(() => {
        throw new ConnectionLost('the connection was lost');
      });
      const granted = await Promise.race([client.subscribeAsync([...filters], { qos: 1 }), lost]);
      if (granted.some(({ qos }) => qos === 128))
        throw new Error('the broker refuses to send receipts and commands');
      return connection;
    } catch (error) {
      client.on('error', () => {});
      client.end(true);
      throw error;
    } finally {
      stop.removeEventListener('abort', end);
    }
  }

  /** Resolves when the broker has acknowledged it. @throws ConnectionLost */
  publish({ topic, payload, retain }: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null) => {
        this.underWay.delete(settle);
        if (error) reject(new ConnectionLost(error.message));
        else resolve();
      };
      if (this.isOver) return settle(new ConnectionLost('the connection was lost'));
      this.underWay.add(settle);
      this.client.publish(topic, payload as Buffer | string, { qos: 1, retain }, settle);
    });
  }

  /** Says goodbye, so that the last will is not published; a broker that does not listen is left all the same. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.client.end(true), GOODBYE_MS);
    await new Promise<void>((resolve) => this.client.end(false, {}, () => resolve()));
    clearTimeout(timer);
  }
}
