import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Colour, crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { influxdOrReason, TestInflux } from './fixtures/influx.js';
import { colourModel } from './fixtures/model.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const { path, reason } = influxdOrReason();

let influx: TestInflux;
let station: Station;
let trap: Trap;
let model: string;

async function visit(run: string, colours: readonly Colour[]): Promise<void> {
  await trap.meta(run, { start: '2026-06-01T10:00:00Z' });
  for (const [i, colour] of colours.entries()) await trap.crop(run, `c-${i}`, await crop(colour, i));
  await trap.end(run, { crops: colours.length });
  await eventually(async () => (await pointsOf(run)).length > 0);
}

async function review(run: string, body: object, http = station.http): Promise<void> {
  const answer = await fetch(`${http}/api/v1/runs/trap-1/${run}/review`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${station.adminKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

/** Label, model and insect of every point of a run. */
async function pointsOf(run: string): Promise<string[]> {
  const [series] = await influx.query(
    `SELECT label, model, insect, probability FROM insect_run WHERE run_id = '${run}'`,
  );
  return (series?.values ?? []).map(([, label, by, insect]) => `${label} ${by} ${insect}`);
}
const countOf = (label: string) =>
  influx.number(`SELECT count(probability) FROM insect_run WHERE label = '${label}'`);

const isSettled = async () => {
  const now = await station.command<{ waiting: number; toDelete: number; pastIsMarked: boolean }>(
    'influx',
    'status',
    '--json',
  );
  return now.waiting === 0 && now.toDelete === 0 && now.pastIsMarked;
};
const settled = () => eventually(isSettled);

(path ? describe : describe.skip)(`the time series of a reviewed run${reason}`, () => {
  beforeAll(async () => {
    influx = await TestInflux.start(path as string);
    model = await colourModel();
    station = await Station.start({ TRAPLINE_MODEL: model, ...influx.environment });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  }, 120_000);

  afterAll(async () => {
    await trap.close();
    await station.remove();
    await influx.remove();
  });

  it('counts it once under the label of the person, and nothing under the old one', async () => {
    await visit('relabelled', ['red']);
    await review('relabelled', { verdict: 'relabel', taxon: 'Volucella zonaria', rank: 'species' });
    await eventually(async () => (await countOf('Volucella_zonaria')) === 1);
    await settled();
    expect(await pointsOf('relabelled')).toEqual(['Volucella_zonaria test-colours-1 yes']);
    expect(await countOf('red')).toBe(0);
    expect(await influx.query(`SELECT last(probability) FROM insect_run WHERE label = 'red'`)).toEqual([]);
  });

  it('notes the first sighting of its taxon, which an alert can name', async () => {
    const [series] = await eventually(async () => {
      const found = await influx.query(
        `SELECT text FROM trap_event WHERE kind = 'first-sighting' AND taxon = 'Volucella_zonaria'`,
      );
      return found.length > 0 && found;
    });
    expect(series?.values.map(([, text]) => text)).toEqual([
      'first sighting of Volucella zonaria (Hornissenschwebfliege / Hornet hoverfly)',
    ]);
  });

  it('counts it under the label of the model again when the review is taken back', async () => {
    await review('relabelled', { verdict: 'undo' });
    await eventually(async () => (await countOf('red')) === 1);
    await settled();
    expect(await pointsOf('relabelled')).toEqual(['red test-colours-1 yes']);
    expect(await countOf('Volucella_zonaria')).toBe(0);
  });

  it('keeps what is no insect out of the insects, also when a late crop comes', async () => {
    await visit('dirt', ['green']);
    await review('dirt', { verdict: 'not-insect' });
    await trap.crop('dirt', 'c-9', await crop('blue', 9));
    await trap.crop('dirt', 'c-8', await crop('blue', 8));
    await eventually(async () => (await findRun(station, 'trap-1', 'dirt')).observation?.crops === 3);
    await settled();
    expect(await pointsOf('dirt')).toEqual(['not-insect test-colours-1 no']);
  });

  it('has one point of people alone where no model has seen anything', async () => {
    await trap.end('by-hand', { crops: 0 });
    await eventually(() => trap.answers('by-hand', 'receipt').at(-1));
    await review('by-hand', { verdict: 'relabel', label: 'blue' });
    await eventually(async () => (await pointsOf('by-hand')).length > 0);
    expect(await pointsOf('by-hand')).toEqual(['blue people yes']);
    await review('by-hand', { verdict: 'undo' });
    await eventually(async () => (await pointsOf('by-hand')).length === 0);
    await settled();
  });

  it('follows a review that reaches an API by itself, which knows of no InfluxDB', async () => {
    await visit('elsewhere', ['green']);
    const api = await startApi();
    try {
      await review('elsewhere', { verdict: 'relabel', label: 'blue' }, api.http);
    } finally {
      await api.stop();
    }
    await eventually(async () => (await pointsOf('elsewhere'))[0]?.startsWith('blue'));
    await settled();
    expect(await pointsOf('elsewhere')).toEqual(['blue test-colours-1 yes']);
    expect(
      await eventually(() => trap.answers('elsewhere', 'result').find(({ reviewed }) => reviewed === true)),
    ).toMatchObject({ label: 'blue', revision: 2 });
  });

  it('follows a review that was made while the service had no InfluxDB', async () => {
    await visit('meanwhile', ['red']);
    await settled();
    await station.stop();
    await station.start({ INFLUX_URL: '' });
    await review('meanwhile', { verdict: 'relabel', label: 'blue' });
    await station.stop();
    await station.start(influx.environment);
    await eventually(async () => (await pointsOf('meanwhile'))[0]?.startsWith('blue'));
    await settled();
    expect(await pointsOf('meanwhile')).toEqual(['blue test-colours-1 yes']);
  }, 120_000);

  it('is the same when everything is written again', async () => {
    const all = async () =>
      (await influx.query('SELECT run_id, label, insect, probability FROM insect_run'))[0]?.values;
    const before = await all();
    await influx.query('DROP DATABASE trapline');
    await influx.query('CREATE DATABASE trapline');
    const { observations, points } = await station.command<Record<'observations' | 'points', number>>(
      'influx',
      'rebuild',
      '--json',
    );
    expect([observations, points]).toEqual([before?.length, before?.length]);
    expect(await all()).toEqual(before);
  });
});

/** The API as a process of its own on the same data, without a variable of InfluxDB. */
async function startApi(): Promise<{ http: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [resolve('dist/apps/station/api-main.js')], {
    env: {
      PATH: process.env['PATH'],
      TRAPLINE_DATA_DIR: station.dataDir,
      TRAPLINE_HTTP_PORT: String(port),
      TRAPLINE_MODEL: model,
    },
    stdio: 'ignore',
  });
  const http = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${http}/health/live`)).ok);
  return {
    http,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
