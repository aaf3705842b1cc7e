import { type Config, readConfig } from '../../libs/config/index.js';
import { imagesRoot } from '../../libs/store/index.js';
import type { SimulatorOptions } from './options.js';

/** The service that is simulated against. */
export interface Target {
  readonly url: string;
  readonly api: string;
  /** Of the service, where accounts may be made in its catalog; undefined where some are given. */
  readonly config?: Config | undefined;
  readonly imagesRoot?: string | undefined;
}

/** @throws ConfigError where the settings are wrong */
export function targetOf(options: SimulatorOptions, env: NodeJS.ProcessEnv): Target {
  const given = options.dataDir;
  const config = readConfig({ ...env, ...(given !== undefined && { TRAPLINE_DATA_DIR: given }) });
  const isOurs = [options.accounts, options.user, options.key].every((given) => given === undefined);
  return {
    url: options.url ?? brokerOf(config),
    api: (options.api ?? `http://${localHost(config.host)}:${config.httpPort}`).replace(/\/+$/, ''),
    config: isOurs ? config : undefined,
    imagesRoot: isOurs || given !== undefined ? imagesRoot(config.dataDir) : undefined,
  };
}

/** Without the account in it, which is that of the service. */
function brokerOf({ mqtt, host }: Config): string {
  const url = new URL(mqtt.url ?? `mqtt://${localHost(host)}:${mqtt.port}`);
  url.username = '';
  url.password = '';
  return url.href;
}

const localHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);
