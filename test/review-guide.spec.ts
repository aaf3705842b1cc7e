import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const COMMANDS = [...readFileSync('docs/how-to/review.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(
  ([, commands]) => commands as string,
);

let station: Station;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-guide-'));
  station = await Station.start({ TRAPLINE_MODEL: resolve('models/demo') });
  const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  await trap.crop('run-1', '0001', await crop('red'));
  await trap.end('run-1', { crops: 1 });
  await trap.close();
  await eventually(async () => (await findRun(station, 'trap-1', 'run-1')).observation?.final);
});
afterAll(async () => {
  await station?.remove();
  rmSync(folder, { recursive: true, force: true });
});

it('the commands of the guide to reviews all work after the first run of the README', async () => {
  const script = COMMANDS.join('\n')
    .replaceAll('http://127.0.0.1:3000', station.http)
    .replaceAll('<key>', station.adminKey)
    // As printed, but for an exit code that tells of refusals.
    .replaceAll('curl ', 'curl --fail-with-body ');
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, ...(status !== 0 && { stdout, stderr }) }).toEqual({ status: 0 });
  const run = await station.json<{ reviews: { verdict: string }[] }>('/api/v1/runs/trap-1/run-1');
  expect(run.reviews.map(({ verdict }) => verdict)).toEqual([
    'agree',
    'relabel',
    'relabel',
    'not-insect',
    'unsure',
    'undo',
  ]);
});
