import type { Topic } from '../protocol/index.js';

/** One publish of a client, as it came over the wire. */
export interface Message {
  readonly topic: string;
  /** What the topic says. */
  readonly parsed: Topic;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** The sender's DUP flag: it may have been delivered before. */
  readonly duplicate: boolean;
  /** User name, or client id of an anonymous client; unknown behind an external broker. */
  readonly client?: string;
  /** The sender may not use this topic. The message was not forwarded to anyone. */
  readonly foreign?: true;
  /** Set when the packet was over the limit: bytes announced by the sender. `payload` is only its beginning. */
  readonly truncatedFrom?: number;
}

/**
 * Does with a message what must be done before it may be acknowledged.
 *
 * Resolves to `true` when the message is settled, to `false` when it must stay unacknowledged because the
 * process is closing. Trying again is inside: it never rejects because of one message.
 */
export type Acknowledge = (message: Message) => Promise<boolean>;

export interface PublishOptions {
  readonly retain?: boolean;
  readonly qos?: 0 | 1;
}

/** Where messages of traps come from and answers go to: a broker of our own, or a connection to another one. */
export interface MessageSource {
  /**
   * Starts to hand messages on `filters` to `settle`, several at a time and in no particular order.
   * Every message is acknowledged after its `settle` resolved to `true`, never before.
   */
  listen(filters: readonly string[], settle: Acknowledge): Promise<void>;

  /** Service to traps. Rejects when the message could not be handed over; the caller tries again. */
  publish(topic: string, payload: Buffer | string, options?: PublishOptions): Promise<void>;

  /** How many messages may be on their way out at one time. */
  readonly publishesAtOnce: number;

  /** Stops reading, waits (bounded) for what is in flight, acknowledges what was settled, closes the sockets. */
  close(): Promise<void>;

  /** Whether messages can arrive now. */
  readonly connected: boolean;

  /** A snapshot; counters start at 0 with the process. */
  readonly stats: SourceStats;
}

export interface SourceStats {
  readonly received: number;
  readonly settled: number;
  /** QoS 0 publishes: nobody would notice their loss. */
  readonly unsafe: number;
  /** Messages in `settle` now, and the most there ever were. */
  readonly inFlight: number;
  readonly maxInFlightSeen: number;
  /** Payload bytes that are held or promised to senders, with a fixed charge per message. */
  readonly bytesHeld: number;
  /** Embedded: connected clients. External: 1 while connected. */
  readonly clients: number;
  /** Settled after the connection they came on had ended: not acknowledged, will come again. */
  readonly stale: number;
  /** Publishes to topics their sender may not use. */
  readonly foreign: number;
  readonly deniedConnects: number;
  /** Packets whose announced length was over the limit. */
  readonly tooLargeAnnounced: number;
}
