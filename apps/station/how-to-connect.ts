import type { Config } from '../../libs/config/index.js';

/** How a client on this machine reaches the broker. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  /** Of mosquitto_pub, beside host and port; undefined where it cannot speak to this broker. */
  readonly flags: string | undefined;
  /** What has to be done before an account counts there; undefined for the embedded broker, which knows them all. */
  readonly accounts: string | undefined;
}

const STANDARD_PORT: Record<string, number> = { 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };
/** mosquitto_pub speaks TLS, but not WebSocket. */
const FLAGS: Record<string, string | undefined> = { 'mqtt:': '', 'mqtts:': ' --tls-use-os-certs' };

/** @param embeddedPort the one that the embedded broker has, where that is not the one of the settings */
export function brokerAddress(config: Pick<Config, 'host' | 'mqtt'>, embeddedPort?: number): BrokerAddress {
  if (!config.mqtt.url)
    return {
      host: localHost(config.host),
      port: embeddedPort ?? config.mqtt.port,
      flags: '',
      accounts: undefined,
    };
  const { protocol, hostname, port } = new URL(config.mqtt.url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || STANDARD_PORT[protocol] || 1883,
    flags: FLAGS[protocol],
    accounts:
      'The broker must learn of the account first; for Mosquitto (mosquitto/README.md says more):\n\n' +
      '  npm run trapline -- mosquitto --out <folder>',
  };
}

/** The address of all networks is none to connect to. */
export const localHost = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;

/** The part of a mosquitto_pub command that logs a trap in. */
export const login = ({ host, port, flags }: BrokerAddress, trapId: string, password: string): string =>
  `-h ${host} -p ${port}${flags ?? ''} -u ${trapId} -P ${password} -q 1`;

/** Where a person on this machine finds the pages, or anybody where a public address is set. */
export const pagesAddress = ({
  publicUrl,
  host,
  httpPort,
}: Pick<Config, 'publicUrl' | 'host' | 'httpPort'>): string => {
  const local = localHost(host);
  return publicUrl ?? `http://${local.includes(':') ? `[${local}]` : local}:${httpPort}`;
};
