import { Overuse } from '../../async/index.js';
import type { Topic } from '../../protocol/index.js';
import type { ListenerOptions } from './listeners.js';

/** Who a client is, as the caller's `authenticate` says. */
export interface Principal {
  /** User name; undefined for an anonymous client. */
  readonly user?: string;
  /** Tells apart accounts of the same user name. Default: the user name. */
  readonly account?: string;
}

export interface EmbeddedBrokerOptions<P extends Principal>
  extends Partial<Pick<ListenerOptions, 'host' | 'tls' | 'webSocket' | 'maxConnections' | 'mayUpgrade'>> {
  readonly port: number;

  /** Resolves to undefined when the client is not welcome. A rejection tells it to try again later. */
  readonly authenticate: (
    user: string | undefined,
    password: Buffer | undefined,
    clientId: string,
  ) => Promise<P | undefined>;
  readonly mayPublish: (principal: P, topic: string, parsed: Topic) => boolean;
  readonly maySubscribe: (principal: P, filter: string) => boolean;
  /** Elsewhere the retain flag is ignored: a broker that retains every crop runs out of memory. */
  readonly mayRetain: (topic: string, parsed: Topic) => boolean;

  /** Remaining length of a PUBLISH, topic included. Longer ones are cut. Default 1 MiB and 1 KiB. */
  readonly maxPacketBytes?: number;
  /** Of all other packets, and of the first one of a connection. Default 64 KiB. */
  readonly maxControlBytes?: number;
  /** Messages in `settle` at one time, all clients together. Default 64. */
  readonly maxInFlight?: number;
  /** Bytes of messages that arrive, wait, settle or are forwarded, all clients together. Default 64 MiB. */
  readonly maxBytesHeld?: number;

  /** The part of `maxBytesHeld` that one account may have, and one address. Default a quarter and a half. */
  readonly accountShare?: number;
  readonly addressShare?: number;

  /** Connections of one account. Default 32. */
  readonly maxConnectionsPerAccount?: number;
  /** Filters that one connection may subscribe to. Default 100. */
  readonly maxSubscriptions?: number;
  /** Connections that have not been accepted yet. With more, the oldest of the address with most goes. Default 1000. */
  readonly maxPending?: number;
  readonly connectTimeoutMs?: number;
  /** In this time a packet that has begun must bring as much as `leastBytesPerS` says, or end. Default 60 s. */
  readonly stallTimeoutMs?: number;
  /** Default 512 bytes/s, a quarter of a bad GSM connection. */
  readonly leastBytesPerS?: number;
  /** A subscriber that reads nothing for this long is disconnected. Default 10 s. */
  readonly subscriberTimeoutMs?: number;
  /** So are those that have this much left to read. Default 8 MiB. */
  readonly maxUnreadBytes?: number;
  /** How long `close` waits for what is in flight. Default 10 s. */
  readonly drainTimeoutMs?: number;

  /** Is told who takes more than its share. */
  readonly overuse?: Overuse;

  /** Broken connections and protocol errors, for a log at debug level. */
  readonly onProblem?: (error: Error, client?: string) => void;
}

export const EMBEDDED_DEFAULTS = {
  host: '127.0.0.1',
  maxConnections: 10_000,
  maxPacketBytes: 1024 * 1024 + 1024,
  maxControlBytes: 64 * 1024,
  maxInFlight: 64,
  maxBytesHeld: 64 * 1024 * 1024,
  accountShare: 1 / 4,
  addressShare: 1 / 2,
  maxConnectionsPerAccount: 32,
  maxSubscriptions: 100,
  maxPending: 1000,
  connectTimeoutMs: 10_000,
  stallTimeoutMs: 60_000,
  leastBytesPerS: 512,
  subscriberTimeoutMs: 10_000,
  maxUnreadBytes: 8 * 1024 * 1024,
  drainTimeoutMs: 10_000,
};

export type EmbeddedSettings<P extends Principal> = EmbeddedBrokerOptions<P> &
  typeof EMBEDDED_DEFAULTS; /** What is left out of the options, or undefined in them, gets its default. */
export function withDefaults<O extends object, D extends object>(defaults: D, options: O): O & D {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given } as O & D;
}
