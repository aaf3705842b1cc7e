import type { Config } from './config.js';

/** What Node says of a port that cannot be listened on. */
interface ListenError extends NodeJS.ErrnoException {
  readonly port?: number;
  readonly address?: string;
}

/**
 * Says which setting is to be changed where a port or an address cannot be listened on.
 *
 * @returns undefined for other errors
 */
export function describeListenError(error: unknown, config: Config): string | undefined {
  const { code, syscall, port, address, hostname } = error as ListenError & { hostname?: string };
  if (syscall === 'getaddrinfo' && hostname === config.host)
    return `TRAPLINE_HOST: there is no host ${hostname}; set an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all`;
  if (code === 'EADDRNOTAVAIL' && syscall === 'listen')
    return `TRAPLINE_HOST: ${address ?? config.host} is no address of this machine; set one of its own, such as 127.0.0.1, or 0.0.0.0 for all`;
  if (syscall !== 'listen' || port === undefined) return undefined;
  const names = variablesOf(port, config).join(' and ');
  if (code === 'EADDRINUSE')
    return names.includes(' and ')
      ? `${names}: both are ${port}; each needs a port of its own`
      : `${names}: port ${port} is in use; stop the program that listens there, or set ${names} to another port`;
  if (code === 'EACCES')
    return `${names}: port ${port} may not be used by this user; set ${names} to a port from 1024 on`;
  return `${names}: port ${port} of ${address ?? config.host} cannot be used (${code})`;
}

/** The variables that set this port, of those that are listened on. */
function variablesOf(port: number, { httpPort, mqtt }: Config): readonly string[] {
  const ports: readonly (readonly [string, number | undefined])[] = [
    ['TRAPLINE_HTTP_PORT', httpPort],
    ['TRAPLINE_MQTT_PORT', mqtt.url ? undefined : mqtt.port],
    ['TRAPLINE_MQTTS_PORT', mqtt.url ? undefined : mqtt.tls?.port],
    ['TRAPLINE_MQTT_WS_PORT', mqtt.url ? undefined : mqtt.webSocketPort],
  ];
  const names = ports.filter(([, set]) => set === port).map(([name]) => name);
  return names.length ? names : ['TRAPLINE_HTTP_PORT'];
}
