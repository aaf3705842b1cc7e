import type { Logger } from 'pino';
import type { Overuse } from '../../libs/async/index.js';
import { type Config, readTlsFiles } from '../../libs/config/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { EmbeddedBroker } from '../../libs/mqtt/index.js';
import { authenticate, type MqttPrincipal, mayPublishOn, mayRetain, maySubscribeTo } from './accounts.js';
import { isFromOwnPage } from './own-page.js';

/** Room for the topic and the packet's header beside the payload. */
const PACKET_OVERHEAD_BYTES = 1024;
const LARGEST_JSON_BYTES = 256 * 1024;

type BrokerConfig = Pick<Config, 'host' | 'httpPort' | 'publicUrl' | 'mqtt' | 'limits' | 'homeAssistant'>;

/**
 * The embedded broker with the accounts of the catalog and the topic rules of the contract. Nothing is opened yet:
 * the transport listens when the message handlers are ready.
 */
export function trapBroker(
  config: BrokerConfig,
  catalog: Catalog,
  overuse: Overuse,
  log: Logger,
): EmbeddedBroker<MqttPrincipal> {
  const { mqtt, limits, host, homeAssistant } = config;
  return new EmbeddedBroker<MqttPrincipal>({
    host,
    port: mqtt.port,
    tls: mqtt.tls && { port: mqtt.tls.port, ...readTlsFiles(mqtt.tls) },
    webSocket: mqtt.webSocketPort === undefined ? undefined : { port: mqtt.webSocketPort },
    // Without accounts whatever page a browser of this network opens could speak to the broker.
    mayUpgrade: mqtt.anonymous ? (headers) => isFromOwnPage(headers, config) : undefined,
    maxInFlight: mqtt.maxInFlight,
    maxConnectionsPerAccount: mqtt.connectionsPerAccount,
    overuse,
    maxPacketBytes: Math.max(limits.cropBytes, LARGEST_JSON_BYTES) + PACKET_OVERHEAD_BYTES,
    authenticate: (user, password) => authenticate(catalog.reader, mqtt.anonymous, user, password),
    mayPublish: (principal, topic, parsed) => mayPublishOn(principal, topic, parsed, homeAssistant.prefix),
    maySubscribe: (principal, filter) => maySubscribeTo(principal, filter, homeAssistant.prefix),
    mayRetain: (_topic, parsed) => mayRetain(parsed),
    onProblem: (err, client) => log.debug({ err, client }, 'an MQTT connection ended with an error'),
  });
}
