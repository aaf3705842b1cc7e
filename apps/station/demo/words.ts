import { plural } from '../../../libs/domain/index.js';
import type { SeenRun } from './looking.js';

export interface Place {
  readonly http: string;
  readonly mqtt: string;
  readonly key: string;
  readonly dataDir: string;
  readonly log: string;
  /** Whether the service has pages that document its API. */
  readonly hasDocs: boolean;
}

/** Where everything is, for whoever has just started the demo. */
export const welcome = ({ http, mqtt, dataDir, log }: Place, days: number): string => `
Trapline demo. Every insect in it is drawn, and the model knows drawn insects only.

  REST        ${http}
  MQTT        ${mqtt}
  everything  ${dataDir} (kept; delete the folder to begin anew)
  log         ${log}

The simulated traps begin ${plural(days, 'day')} ago, at high speed …
`;

/** What to look at, with commands to copy. */
export function whatToSee({ http, key, hasDocs, dataDir }: Place, run: SeenRun): string {
  const get = `curl -H 'Authorization: Bearer ${key}'`;
  const one = `${http}/api/v1/runs/${run.trapId}/${run.runId}`;
  return `
Look at it from another terminal:

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
