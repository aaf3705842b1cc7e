import { fail, ok, reasonOf, skipped, type Verdict, warn } from '../../../features/health/index.js';
import type { Config } from '../../../libs/config/index.js';
import { localHost } from './service-checks.js';

/** Whether traps reach a broker that lets the service in. */
export async function broker(config: Config): Promise<Verdict> {
  return config.mqtt.url ? external(config.mqtt.url) : embedded(config);
}

async function embedded(config: Config): Promise<Verdict> {
  const { port, anonymous } = config.mqtt;
  if (port === 0) return skipped('TRAPLINE_MQTT_PORT is 0: nobody but the service knows its port');
  const { probeBroker } = await import('../../../libs/mqtt/external/probe-broker.js');
  const where = `${localHost(config)}, port ${port}`;
  try {
    const said = await probeBroker(`mqtt://${localHost(config)}:${port}`);
    if (said === 'denied') return ok(`the embedded broker answers at ${where}, and wants a login`);
    return anonymous
      ? warn(
          `the embedded broker at ${where} lets anybody in`,
          'Take TRAPLINE_ANONYMOUS away outside of closed networks.',
        )
      : fail(`a broker that is not ours answers at ${where}`, 'Stop it, or set TRAPLINE_MQTT_PORT.');
  } catch (error) {
    return fail(
      `no broker answers at ${where}: ${reasonOf(error)}`,
      'The broker is part of the service: start it with npm start.',
    );
  }
}

async function external(url: string): Promise<Verdict> {
  const { probeBroker } = await import('../../../libs/mqtt/external/probe-broker.js');
  const { username, password, host } = new URL(url);
  const [user, secret] = [username, password].map(decodeURIComponent);
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  try {
    const said = await probeBroker(bare.href, { user: user || undefined, password: secret || undefined });
    return said === 'let in'
      ? ok(`the broker at ${host} lets the service in`)
      : fail(
          `the broker at ${host} refuses ${user || 'a client without a name'}`,
          'Is the password in MQTT_URL right? For Mosquitto: npm run trapline -- mosquitto --out <folder>, and a SIGHUP.',
        );
  } catch (error) {
    return fail(`no broker answers at ${host}: ${reasonOf(error)}`, 'Is it running, and is MQTT_URL right?');
  }
}
