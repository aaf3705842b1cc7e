import { type Config, ConfigError, readConfig } from '../../../libs/config/index.js';
import { fail, ok, type Verdict, warn } from './finding.js';

const LOCAL = new Set(['127.0.0.1', '::1', 'localhost']);

/** The settings, and whether they can be meant so. `config` is undefined where they are wrong. */
export function settings(env: NodeJS.ProcessEnv): { config?: Config; verdict: Verdict } {
  try {
    const config = readConfig(env);
    return { config, verdict: judged(config) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { verdict: fail(error.message.split('\n').join('; '), '.env.example explains every setting.') };
  }
}

function judged({ host, mqtt, databaseUrl }: Config): Verdict {
  if (mqtt.anonymous && !LOCAL.has(host))
    return warn(
      'TRAPLINE_ANONYMOUS lets anybody publish who reaches this machine',
      'Closed networks and trials only: make accounts with npm run trapline -- trap add <id>.',
    );
  return ok(
    `all are valid; catalog in ${databaseUrl ? 'PostgreSQL' : 'SQLite'}, broker ${mqtt.url ? 'external' : 'embedded'}`,
  );
}
