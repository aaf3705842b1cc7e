import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { InsectDetectFolder } from './fixtures/insect-detect-folder.js';
import { colourModel } from './fixtures/model.js';
import { readTable } from './fixtures/read-csv.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

interface Timed {
  readonly start: string;
  readonly end: string;
}
interface TimedRun extends Timed {
  readonly crops: readonly { readonly detection: { readonly at: string } }[];
}

const TRAP = 'card-1';
/** As it stands in the table, in UTC while the trap is in Berlin, and in UTC while it is in Lima. */
const SAID = '2026-05-03 13:05:10.123456';
const IN_BERLIN = '2026-05-03T11:05:10.123456Z';
const IN_LIMA = '2026-05-03T18:05:10.123456Z';

let folder: string;
let station: Station;
let runId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-micros-'));
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  const recorded = new InsectDetectFolder(join(folder, 'data'));
  const plan = { generation: 'v2', start: '2026-05-03T13:05:10', session: 1, tracks: 1 } as const;
  const session = await recorded.add({ ...plan, cropsPerTrack: 1 });
  takeFirstAt(session);
  const password = await station.addTrap(TRAP);
  const settings = agentSettings(folder, station, TRAP, password, { dataFolder: 'data' });
  expect((await RunningAgent.start(settings, '--once --no-status').ended).status).toBe(0);
  runId = (await allRuns(station, `&trap=${TRAP}`))[0]?.runId as string;
  await eventually(async () => (await findRun(station, TRAP, runId)).observation?.final);
}, 120_000);

afterAll(async () => {
  await station.remove();
  rmSync(folder, { recursive: true });
});

/** The fixture takes its first picture after a round number of milliseconds. */
function takeFirstAt(session: string): void {
  const table = join(session, readdirSync(session).find((name) => name.endsWith('_metadata.csv')) as string);
  const text = readFileSync(table, 'utf8');
  const file = '2026-05-03_13-05-10-123456';
  const retimed = text.replace(/2026-05-03T13:05:10\.\d{6}/, SAID).replace(/2026-05-03_13-05-10-\d{6}/, file);
  expect(retimed).not.toBe(text);
  writeFileSync(table, retimed);
  const crops = join(session, 'crops', 'insect');
  for (const name of readdirSync(crops))
    renameSync(join(crops, name), join(crops, name.replace(/2026-05-03_13-05-10-\d{6}/, file)));
}

const text = async (path: string) => (await station.get(`/api/v1/${path}`)).text();
const table = async (name: string, trap = TRAP) => readTable(await text(`downloads/${name}?trap=${trap}`));
async function put(path: string, body: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await station.get(`/api/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

/** The time of the run and its one crop, wherever it is shown. */
async function shown() {
  const run = await station.json<TimedRun>(`/api/v1/runs/${TRAP}/${runId}`);
  const time = await station.json<Timed>(`/api/v1/runs/${TRAP}/${runId}/time`);
  const [listed] = (await allRuns(station, `&trap=${TRAP}`)) as unknown as Timed[];
  const line = JSON.parse((await text(`downloads/runs.ndjson?trap=${TRAP}`)).split('\n')[0] as string);
  const [ofRuns] = await table('runs.csv');
  const [ofCrops] = await table('crops.csv');
  const [summary] = await table('top1-final.csv');
  const [old] = await station.json<{ start_time: string }[]>('/data/classification');
  return {
    instants: [run.start, run.end, run.crops[0]?.detection.at, time.start, listed?.start].concat(
      line.start,
      line.end,
      ofRuns?.['start'],
      ofRuns?.['end'],
    ),
    local: [ofRuns?.['startLocal'], ofCrops?.['timestamp'], summary?.['start_time'], old?.start_time].map(
      (cell) => cell?.replace('T', ' '),
    ),
  };
}
const everywhere = (instant: string, local: string) => ({
  instants: Array(9).fill(instant),
  local: Array(4).fill(local),
});

it('keeps the microseconds of a table of insect-detect, whatever zone and time are said later', async () => {
  expect(await shown()).toEqual(everywhere(IN_BERLIN, SAID));

  await put(`traps/${TRAP}`, { timeZone: 'America/Lima' });
  await eventually(async () => (await shown()).instants[0] === IN_LIMA);
  expect(await shown()).toEqual(everywhere(IN_LIMA, SAID));

  await put(`runs/${TRAP}/${runId}/time`, { start: '2026-05-04T18:05:10.123Z' });
  expect(await shown()).toEqual(everywhere(IN_LIMA.replace('03T', '04T'), SAID.replace('03 ', '04 ')));
});

it('tells sessions and readings to the microsecond, too, and times without them as before', async () => {
  const trap = await Trap.connect('fine-1', await station.addTrap('fine-1'), station.mqttPort);
  const start = '2026-06-01T08:00:00.000001Z';
  const end = '2026-06-01T09:00:00.9999999+02:00';
  await trap.publish('telemetry', { v: 1, at: start, batteryPct: 50 });
  await trap.publish('sessions/s1', { v: 1, start: '2026-06-01T08:00:00', end: start });
  await trap.meta('r1', { start: end, end: start, session: 's1' });
  await trap.crop('r1', 'c1', await crop('red'));
  await trap.end('r1', { end: start, crops: 1 });
  expect(await station.json('/api/v1/traps/fine-1')).toMatchObject({ telemetry: { at: start } });
  const { items } = await station.json<{ items: Timed[] }>('/api/v1/sessions?trap=fine-1');
  expect(items).toMatchObject([{ start: '2026-06-01T08:00:00.000Z', end: start }]);
  const [row] = await table('runs.csv', 'fine-1');
  expect(row).toMatchObject({
    start: '2026-06-01T07:00:00.999999Z',
    startLocal: '2026-06-01T09:00:00.999999',
    end: start,
    sessionStart: '2026-06-01T08:00:00.000Z',
    sessionEnd: start,
  });
  await trap.close();
});
