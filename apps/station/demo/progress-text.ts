import { setTimeout as delay } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { FILTER, parseMessageOf } from '../../../libs/protocol/index.js';
import { plural } from '../../../libs/text/index.js';

interface Place {
  readonly http: string;
  readonly mqtt: string;
  readonly key: string;
  readonly dataDir: string;
  readonly log: string;
  /** Whether the service has pages that document its API. */
  readonly hasDocs: boolean;
}

/** Shown when the demo has started: addresses and folders. */
export const welcome = ({ http, mqtt, dataDir, log }: Place, days: number): string => `
Trapline demo. Every insect in it is drawn, and the model knows drawn insects only.

  pages       ${http}/ (user admin, with the password that you choose there)
  MQTT        ${mqtt}
  everything  ${dataDir} (kept; delete the folder to start over)
  log         ${log}

The simulated traps begin ${plural(days, 'day')} ago, at high speed: the pages fill while they play …
`;

/** Shown once the past is played. */
export const pastIsPlayed = ({ http }: Place): string =>
  `\nThe past is complete: ${http}/\nFrom now on live, on the pages and here, as it goes out over MQTT. Ctrl-C ends it.\n`;

/** What to look at, with commands to copy. */
export function whatToSee({ http, key, hasDocs, dataDir }: Place, run: SeenRun): string {
  const get = `curl -H 'Authorization: Bearer ${key}'`;
  const one = `${http}/api/v1/runs/${run.trapId}/${run.runId}`;
  return `
For programs, from another terminal:

  runs        ${get} '${http}/api/v1/runs?insectsOnly=true&limit=5'
  one run     ${get} ${one}
  a picture   ${get} ${one}/crops/0001 -o crop.jpg
  traps       ${get} ${http}/api/v1/traps
  effort      ${get} ${http}/api/v1/sessions
  pictures    ${dataDir}/images/${run.trapId}${hasDocs ? `\n  API         ${http}/api/docs` : ''}
`;
}

export const firstSeen = ({ trapId, observation, storedCrops }: SeenRun, seconds: number): string =>
  `After ${seconds.toFixed(1)} s the first observation: ${observation?.label} (${observation?.probability.toFixed(2)}) at ${trapId}, ${plural(storedCrops, 'crop')}.`;

const POLL_INTERVAL_MS = 250;

/** Of an answer of REST, what the demo shows. */
interface SeenRun {
  readonly trapId: string;
  readonly runId: string;
  readonly storedCrops: number;
  readonly observation: { readonly label: string; readonly probability: number } | null;
}

/** Looks over REST, as everybody may, until there is a run with an observation. */
export async function firstObservation(
  http: string,
  key: string,
  stop: AbortSignal,
): Promise<SeenRun | undefined> {
  while (!stop.aborted) {
    const response = await fetch(`${http}/api/v1/runs?insectsOnly=true&limit=1`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    if (response.ok) {
      const { items } = (await response.json()) as { items: SeenRun[] };
      if (items[0]) return items[0];
    }
    await delay(POLL_INTERVAL_MS);
  }
  return undefined;
}

/** Whether a page is there. */
export async function hasPage(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.ok;
}

/** Hears the results as they go out over MQTT, and makes a line of each. */
export function liveResults(
  port: number,
  user: string,
  password: string,
  onLine: (line: string) => void,
): MqttClient {
  const client = connect(`mqtt://127.0.0.1:${port}`, { username: user, password });
  client.on('connect', () => void client.subscribe(FILTER.result, { qos: 1 }));
  client.on('error', () => {});
  client.on('message', (topic, bytes) => {
    const { trapId, payload } = parseMessageOf('result', topic, bytes);
    const { label, probability, crops, unsure, final } = payload;
    if (!final) return;
    const time = new Date().toTimeString().slice(0, 8);
    const seen = `${label} ${probability.toFixed(2)}${unsure ? ', unsure' : ''}`;
    onLine(`${time}  ${trapId}  ${seen}, ${crops} ${crops === 1 ? 'crop' : 'crops'}`);
  });
  return client;
}
