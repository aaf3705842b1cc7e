import { type Config, expectKnownVariables, readConfig } from '../../../libs/config/index.js';
import { freePort } from './free-port.js';

const HOST = '127.0.0.1';
const STANDARD = readConfig({});

/**
 * The settings of the demo. Of the environment it takes the ports only, and the next free ones: drawn insects must not
 * get into a database, a broker or an InfluxDB that somebody works with.
 */
export async function demoConfig(dataDir: string, env: NodeJS.ProcessEnv): Promise<Config> {
  expectKnownVariables(env);
  const { TRAPLINE_HTTP_PORT: http, TRAPLINE_MQTT_PORT: mqtt } = env;
  const wanted = readConfig({ TRAPLINE_HTTP_PORT: http, TRAPLINE_MQTT_PORT: mqtt });
  return {
    ...STANDARD,
    dataDir,
    host: HOST,
    httpPort: await freePort(wanted.httpPort, HOST),
    mqtt: { ...STANDARD.mqtt, port: await freePort(wanted.mqtt.port, HOST) },
    timeZone: 'Europe/Berlin',
  };
}
