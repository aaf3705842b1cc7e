import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { type Colour, crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const BEE = 'Apis mellifera';
const WASP = 'Vespula vulgaris';
/** Red and green are two labels of one species; blue is another. */
const LABELS = [
  { index: 0, id: 'worker', taxon: BEE, rank: 'species', names: { en: 'Worker' }, kind: 'taxon' as const },
  { index: 1, id: 'drone', taxon: BEE, rank: 'species', names: { en: 'Drone' }, kind: 'taxon' as const },
  { index: 2, id: 'wasp', taxon: WASP, rank: 'species', names: { en: 'Wasp' }, kind: 'taxon' as const },
  { index: 3, id: 'fly', taxon: 'Diptera', rank: 'order', names: { en: 'Fly' }, kind: 'taxon' as const },
];

interface First {
  readonly id: string;
  readonly trapId: string;
  readonly taxon: string;
  readonly kind: string;
  readonly runId: string;
  readonly at: string;
  readonly state: string;
  readonly announced: boolean;
  readonly firstAnywhere: boolean;
}

let station: Station;
let reader: MqttClient;
const alerts: Record<string, unknown>[] = [];
const traps: Trap[] = [];

beforeAll(async () => {
  const model = await colourModel({ labels: LABELS.map(({ id }) => id), card: { labels: LABELS } });
  station = await Station.start({ TRAPLINE_MODEL: model });
  reader = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
    username: 'first-admin',
    password: station.adminKey,
  });
  reader.on('message', (_topic, bytes) => alerts.push(JSON.parse(bytes.toString('utf8'))));
  await reader.subscribeAsync('alerts/v1/first-sighting', { qos: 1 });
});
afterAll(async () => {
  await reader.endAsync(true);
  for (const trap of traps) await trap.close();
  await station.remove();
});

async function newTrap(id: string): Promise<Trap> {
  const trap = await Trap.connect(id, await station.addTrap(id), station.mqttPort);
  traps.push(trap);
  return trap;
}

/** A run of these colours, a crop each, and its verdict. */
async function see(trap: Trap, run: string, day: string, colours: readonly Colour[]): Promise<void> {
  await trap.meta(run, { start: `${day}T10:00:00Z`, end: `${day}T10:00:09Z` });
  for (const [i, colour] of colours.entries()) await trap.crop(run, `c${i}`, await crop(colour, i));
  await trap.end(run, { crops: colours.length, end: `${day}T10:00:09Z` });
  await eventually(() => trap.answers(run, 'result').find(({ final }) => final === true));
}

const firsts = async (query: string): Promise<First[]> =>
  (await station.json<{ items: First[] }>(`/api/v1/activity/first-sightings?${query}`)).items;
const kinds = async (query: string) =>
  (await firsts(query)).map(({ taxon, kind, runId }) => [taxon, kind, runId]).reverse();
const told = (trap: Trap) => alerts.filter((alert) => alert['trap'] === trap.id);
const review = (trap: Trap, run: string, body: object) =>
  station.get(`/api/v1/runs/${trap.id}/${run}/review`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
/** Whatever is looked at a second later has been looked at. */
const settled = async (trap: Trap, run: string, day: string) => {
  await see(trap, run, day, ['blue', 'blue', 'blue']);
  await eventually(
    async () => (await firsts(`trap=${trap.id}&taxon=${encodeURIComponent(WASP)}`)).length > 0,
  );
};

describe('a first sighting', () => {
  it('is of a taxon, not of a label; sure, of three crops, and told over MQTT and REST without InfluxDB', async () => {
    const trap = await newTrap('first-1');
    await see(trap, 'unsure', '2026-05-01', ['red', 'green', 'blue']);
    await see(trap, 'short', '2026-05-02', ['red', 'red']);
    await see(trap, 'sure', '2026-05-03', ['red', 'red', 'red']);
    await see(trap, 'other-label', '2026-05-04', ['green', 'green', 'green']);
    await settled(trap, 'wasp', '2026-05-05');
    expect(await kinds('trap=first-1')).toEqual([
      [BEE, 'ever', 'sure'],
      [WASP, 'ever', 'wasp'],
    ]);
    await eventually(() => told(trap).length === 2);
    expect(told(trap)[0]).toMatchObject({
      state: 'opened',
      taxon: BEE,
      rank: 'species',
      kind: 'ever',
      run: 'sure',
      start: '2026-05-03T10:00:00.000Z',
      firstAnywhere: true,
    });
  });

  it('comes again in another year, and after 60 days', async () => {
    const trap = await newTrap('first-2');
    for (const [run, day] of [
      ['a', '2025-08-01'],
      ['b', '2026-04-01'],
      ['c', '2026-05-31'],
      ['d', '2026-08-01'],
    ] as const)
      await see(trap, run, day, ['red', 'red', 'red']);
    await settled(trap, 'wasp', '2026-08-02');
    expect(await kinds(`trap=first-2&taxon=${encodeURIComponent(BEE)}`)).toEqual([
      [BEE, 'ever', 'a'],
      [BEE, 'season', 'b'],
      [BEE, 'return', 'd'],
    ]);
  });

  it('moves to an earlier run that comes late, under its id', async () => {
    const trap = await newTrap('first-3');
    await see(trap, 'june', '2026-06-10', ['red', 'red', 'red']);
    await eventually(() => told(trap).length === 1);
    await see(trap, 'may', '2026-05-20', ['red', 'red', 'red']);
    await eventually(() => told(trap).length === 2);
    expect(told(trap).map(({ id, state, run }) => [id, state, run])).toEqual([
      [told(trap)[0]?.['id'], 'opened', 'june'],
      [told(trap)[0]?.['id'], 'updated', 'may'],
    ]);
    expect(await kinds('trap=first-3')).toEqual([[BEE, 'ever', 'may']]);
  });

  it('is withdrawn when a review takes its ground away, and stands again when that is taken back', async () => {
    const trap = await newTrap('first-4');
    await see(trap, 'r', '2026-06-10', ['red', 'red', 'red']);
    await eventually(() => told(trap).length === 1);
    expect((await review(trap, 'r', { verdict: 'relabel', label: 'fly' })).status).toBe(201);
    await eventually(() => told(trap).at(-1)?.['state'] === 'withdrawn');
    expect(await firsts('trap=first-4&state=standing')).toEqual([]);
    expect((await review(trap, 'r', { verdict: 'undo' })).status).toBe(201);
    await eventually(() => told(trap).at(-1)?.['state'] === 'opened');
    expect(await firsts('trap=first-4&state=standing')).toHaveLength(1);
  });

  it('is none while its time is unknown', async () => {
    const trap = await newTrap('first-5');
    await see(trap, 'lost', '1970-01-01', ['red', 'red', 'red']);
    await settled(trap, 'wasp', '2026-06-11');
    expect(await kinds('trap=first-5')).toEqual([[WASP, 'ever', 'wasp']]);
    await station.get('/api/v1/runs/first-5/lost/time', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ start: '2026-06-09T10:00:00Z' }),
    });
    await eventually(async () => (await firsts('trap=first-5')).length === 2);
  });

  it('follows a run whose time becomes known better, whoever says it', async () => {
    const trap = await newTrap('first-7');
    await trap.crop('r', 'c0', await crop('red', 0));
    await trap.crop('r', 'c1', await crop('red', 1));
    await trap.crop('r', 'c2', await crop('red', 2));
    await trap.end('r', { crops: 3, end: '2026-06-10T10:00:09' });
    const at = async () => (await firsts('trap=first-7&state=standing')).map((first) => first.at);
    await eventually(async () => (await at()).join() === '2026-06-10T10:00:09.000Z');
    await trap.meta('r', { start: '2026-06-10T09:59:00', end: '2026-06-10T10:00:09' });
    await eventually(async () => (await at()).join() === '2026-06-10T09:59:00.000Z');
    await trap.publish('info', { v: 1, timeZone: 'Europe/Berlin' }, { retain: true });
    await eventually(async () => (await at()).join() === '2026-06-10T07:59:00.000Z');
    expect(await firsts('trap=first-7')).toHaveLength(1);
  });

  it('goes to the next run, or is withdrawn, when its own is deleted for good', async () => {
    const trap = await newTrap('first-8');
    const remove = (path: string) =>
      station.get(`/api/v1/runs/first-8/${path}?reason=test`, { method: 'DELETE' });
    await see(trap, 'may', '2026-05-20', ['red', 'red', 'red']);
    await see(trap, 'june', '2026-06-10', ['red', 'red', 'red']);
    await eventually(async () => (await kinds('trap=first-8')).length === 1);
    await remove('may');
    await eventually(async () => (await kinds('trap=first-8&state=standing'))[0]?.[2] === 'june');
    for (const id of ['c0', 'c1', 'c2']) await remove(`june/crops/${id}`);
    await eventually(async () => (await firsts('trap=first-8&state=standing')).length === 0);
    await eventually(() => told(trap).at(-1)?.['state'] === 'withdrawn');
  });

  it('is told also where several runs of the taxon are looked at together', async () => {
    const trap = await newTrap('first-9');
    for (const [run, count] of [
      ['a-short', 2],
      ['b-sure', 3],
      ['c-later', 3],
    ] as const) {
      for (let i = 0; i < count; i += 1) await trap.crop(run, `c${i}`, await crop('red', i));
      const at = `2026-06-10T10:0${count}:0${run === 'c-later' ? 9 : 0}Z`;
      await trap.publish(`runs/${run}/end`, { v: 1, status: 'complete', crops: count, end: at });
    }
    await eventually(() => told(trap).some(({ state, run }) => state === 'opened' && run === 'b-sure'));
  });

  it('is no news where another model finds it in the past', async () => {
    const trap = await newTrap('first-6');
    await see(trap, 'r', '2026-06-10', ['red', 'red', 'red']);
    await eventually(() => told(trap).length === 1);
    // The other model takes red for a wasp.
    const swapped = [LABELS[2], LABELS[1], LABELS[0], LABELS[3]].map((label, index) => ({ ...label, index }));
    const other = await colourModel({
      labels: swapped.map(({ id }) => id as string),
      card: { id: 'other', labels: swapped as typeof LABELS },
    });
    await station.stop();
    await station.start({ TRAPLINE_MODEL: other });
    await station.command('reclassify');
    await eventually(async () => {
      const [wasp] = await firsts(`trap=first-6&taxon=${encodeURIComponent(WASP)}`);
      return wasp?.announced === false && wasp.state === 'standing';
    });
    expect(await firsts(`trap=first-6&taxon=${encodeURIComponent(BEE)}`)).toMatchObject([
      { state: 'withdrawn' },
    ]);
  });
});
