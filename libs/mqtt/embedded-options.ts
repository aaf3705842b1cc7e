import type { ListenerOptions } from './listeners.js';

/** Who a client is, as the caller's `authenticate` says. */
export interface Principal {
  /** User name; undefined for an anonymous client. */
  readonly user?: string;
}

export interface EmbeddedBrokerOptions<P extends Principal>
  extends Partial<Pick<ListenerOptions, 'host' | 'tls' | 'webSocket' | 'maxConnections'>> {
  readonly port: number;

  /** Resolves to undefined when the client is not welcome. A rejection tells it to try again later. */
  readonly authenticate: (
    user: string | undefined,
    password: Buffer | undefined,
    clientId: string,
  ) => Promise<P | undefined>;
  readonly mayPublish: (principal: P, topic: string) => boolean;
  readonly maySubscribe: (principal: P, filter: string) => boolean;
  /** Elsewhere the retain flag is ignored: a broker that retains every crop runs out of memory. */
  readonly mayRetain: (topic: string) => boolean;

  /** Remaining length of a PUBLISH, topic included. Longer ones are cut. Default 1 MiB and 1 KiB. */
  readonly maxPacketBytes?: number;
  /** Of all other packets, and of the first one of a connection. Default 64 KiB. */
  readonly maxControlBytes?: number;
  /** Messages in `settle` at one time, all clients together. Default 64. */
  readonly maxInFlight?: number;
  /** Bytes of messages that arrive, wait, settle or are forwarded, all clients together. Default 64 MiB. */
  readonly maxBytesHeld?: number;

  /** Connections that have not been accepted yet. More are turned away at once. Default 1000. */
  readonly maxPending?: number;
  readonly connectTimeoutMs?: number;
  /** A packet that stops in the middle for this long ends its connection. Default 60 s. */
  readonly stallTimeoutMs?: number;
  /** A subscriber that does not read for this long is disconnected; it holds up the others. Default 10 s. */
  readonly subscriberTimeoutMs?: number;
  /** How long `close` waits for what is in flight. Default 10 s. */
  readonly drainTimeoutMs?: number;

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
  maxPending: 1000,
  connectTimeoutMs: 10_000,
  stallTimeoutMs: 60_000,
  subscriberTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
};

export type EmbeddedSettings<P extends Principal> = EmbeddedBrokerOptions<P> & typeof EMBEDDED_DEFAULTS;
