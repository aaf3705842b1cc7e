import type { Config } from '../../../libs/config/index.js';
import { fail, ok, reasonOf, type Verdict, warn } from './finding.js';

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
