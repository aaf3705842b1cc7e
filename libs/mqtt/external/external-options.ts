import type { connect, IClientOptions, MqttClient } from 'mqtt';
import { BACKOFF, type Backoff } from '../../async/index.js';

export interface ExternalBrokerOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /**
   * The broker keeps what arrives while the service is away under this id: one that stays, that cannot be guessed, and
   * that no other process has. While the promise is pending nothing is received; messages can be published.
   */
  readonly clientId: string | Promise<string>;
  /** 5 by default; 4 is MQTT 3.1.1. */
  readonly protocolVersion?: 4 | 5;
  /** Own certificates, as for `node:tls`. */
  readonly tls?: Pick<IClientOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
  /** How long the broker keeps the session of an absent service (MQTT 5 only). Default 7 days. */
  readonly sessionExpiryS?: number;
  readonly keepAliveS?: number;

  /** Messages in `settle` at one time. Default 64. */
  readonly maxInFlight?: number;
  /** Bytes of messages in `settle`. Default 64 MiB. */
  readonly maxBytesHeld?: number;

  /** Pauses before a reconnect or another attempt to subscribe. */
  readonly backoff?: Backoff;
  /** How long `publish` waits for the broker's PUBACK before it rejects. Default 10 s. */
  readonly publishTimeoutMs?: number;
  /** How long `close` waits for what is in flight. Default 10 s. */
  readonly drainTimeoutMs?: number;

  /** Connected, and all subscriptions granted. */
  readonly onConnect?: () => void;
  /** The broker is away, refuses us or a subscription; tried again in any case. */
  readonly onProblem?: (error: Error) => void;
}

export const EXTERNAL_DEFAULTS = {
  protocolVersion: 5 as 4 | 5,
  sessionExpiryS: 7 * 24 * 3600,
  keepAliveS: 60,
  maxInFlight: 64,
  maxBytesHeld: 64 * 1024 * 1024,
  backoff: BACKOFF.broker as Backoff,
  publishTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
};

export type ExternalSettings = ExternalBrokerOptions & typeof EXTERNAL_DEFAULTS;

/** Begins to connect. Reconnects without end, unless the caller ends the client. */
export function openClient(
  settings: ExternalSettings,
  connectTo: typeof connect,
  own: Pick<IClientOptions, 'clean' | 'clientId' | 'reconnectPeriod'>,
): MqttClient {
  const { protocolVersion, sessionExpiryS, maxInFlight } = settings;
  return connectTo(settings.url, {
    ...settings.tls,
    username: settings.user,
    password: settings.password,
    protocolVersion,
    keepalive: settings.keepAliveS,
    reconnectPeriod: settings.backoff.firstMs,
    reconnectOnConnackError: true,
    // We subscribe at every connect ourselves: a refusal must be noticed and tried again.
    resubscribe: false,
    queueQoSZero: false,
    ...(protocolVersion === 5 && {
      properties: {
        sessionExpiryInterval: own.clean ? 0 : sessionExpiryS,
        receiveMaximum: Math.min(maxInFlight, 65_535),
      },
    }),
    ...own,
  });
}
