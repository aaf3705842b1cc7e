import { fail, ok, reasonOf, type Verdict, warn } from '../../../features/health/index.js';
import { type Config, ConfigError, readConfig } from '../../../libs/config/index.js';

const ANSWER_MS = 5_000;

interface Ready {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;
}

/** Where the service is reached from this machine. */
export const localHost = ({ host }: Pick<Config, 'host'>): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;

/** Whether the service runs, and what it says of itself. */
export async function service(config: Config): Promise<Verdict> {
  const url = `http://${localHost(config)}:${config.httpPort}/health/ready`;
  let ready: Ready;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    ready = (await answer.json()) as Ready;
  } catch (error) {
    return fail(
      `nothing answers at ${url}: ${reasonOf(error)}`,
      'Start the service with npm start; with other settings than those of this shell, set TRAPLINE_HOST and TRAPLINE_HTTP_PORT here, too.',
    );
  }
  const troubles = Object.entries(ready.checks ?? {})
    .filter(([, { status }]) => status !== 'ok')
    .map(([name, { reason }]) => `${name}: ${reason}`);
  if (ready.status === 'ok') return ok(`${url} says all is well`);
  const message = `the service says ${troubles.join('; ') || ready.status}`;
  return ready.status === 'degraded'
    ? warn(message, 'It takes crops all the same; the checks below and its log say more.')
    : fail(message, 'It takes no crops now; the checks below and its log say more.');
}

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
