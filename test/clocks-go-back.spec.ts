import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** In Berlin, 2026-10-25 has 25 hours: from two to three o'clock comes twice. */
const NIGHT = '2026-10-25T';

let station: Station;
let trap: Trap;
let other: Trap;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  await trap.publish('info', { v: 1, timeZone: 'Europe/Berlin' });
  await trap.publish('sessions/night', { v: 1, start: `${NIGHT}01:00:00`, end: `${NIGHT}04:00:00` });
  other = await Trap.connect('trap-2', await station.addTrap('trap-2'), station.mqttPort);
});
afterAll(async () => {
  await trap.close();
  await other.close();
  await station.remove();
});

async function play(
  run: string,
  start: string,
  ats: readonly string[],
  end: string,
  { isEndFirst = false, by = trap } = {},
) {
  const meta = () => by.meta(run, { start: NIGHT + start });
  const over = async () => {
    const manifest = ats.map((at, i) => ({ crop: `c${i}`, at: NIGHT + at }));
    await by.end(run, { crops: ats.length, end: NIGHT + end, manifest });
  };
  for (const send of isEndFirst ? [over, meta] : [meta, over]) await send();
  for (const i of ats.keys()) await by.crop(run, `c${i}`, await crop('red', i));
  await eventually(() => by.answers(run, 'result').find(({ final }) => final === true));
  return seen(run, by);
}

async function seen(run: string, by = trap) {
  const { durationS, startOffsetMin, start, crops, end } = await station.json<{
    start: string;
    end: string;
    durationS: number;
    startOffsetMin: number;
    crops: { detection: { at: string } }[];
  }>(`/api/v1/runs/${by.id}/${run}`);
  const times = [start, ...crops.map(({ detection }) => detection.at), end];
  return { durationS, startOffsetMin, times: times.map((time) => time.slice(11, 19)) };
}

async function deploy(trapId: string, deploymentId: string, body: object) {
  const { status } = await station.get(`/api/v1/traps/${trapId}/deployments/${deploymentId}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status;
}

it('a moth of eight seconds stays for eight seconds, with its crops in order, whatever came first', async () => {
  for (const [i, isEndFirst] of [false, true].entries()) {
    expect(
      await play(`across-${i}`, '02:59:58', ['02:59:59', '02:00:02'], '02:00:06', { isEndFirst }),
    ).toEqual({
      durationS: 8,
      startOffsetMin: 120,
      times: ['00:59:58', '00:59:59', '01:00:02', '01:00:06'],
    });
    expect(
      await play(`after-${i}`, '02:59:58', ['02:59:59', '03:00:02'], '03:00:06', { isEndFirst }),
    ).toEqual({
      durationS: 8,
      startOffsetMin: 60,
      times: ['01:59:58', '01:59:59', '02:00:02', '02:00:06'],
    });
  }
});

it('visits and effort of the hour that comes twice stand in one row, and all minutes are there', async () => {
  const { items, totals } = await station.json<{
    items: { hour: number; visits: number; effortMinutes: number }[];
    totals: { effortMinutes: number };
  }>('/api/v1/stats/counts?by=hour&trap=trap-1&from=2026-10-24&to=2026-10-26');
  expect(items.map(({ hour, visits, effortMinutes }) => [hour, visits, effortMinutes])).toEqual([
    [1, 0, 60],
    [2, 4, 120],
    [3, 0, 60],
  ]);
  expect(totals.effortMinutes).toBe(240);
});

it('a picture of the second pass is not before its deployment', async () => {
  const body = { start: `${NIGHT}02:15:00+01:00`, timeZone: 'Europe/Berlin' };
  expect(await deploy('trap-1', 'd2', body)).toBe(201);
  const run = await play('placed', '02:20:00', ['02:20:01'], '02:20:04');
  expect(run.times).toEqual(['01:20:00', '01:20:01', '01:20:04']);
});

it('a deployment without a time zone decides the pass, too, and a new start of it moves what is stored', async () => {
  await other.publish('info', { v: 1, timeZone: 'Europe/Berlin' });
  const times = (run: string) => play(run, '02:20:00', ['02:20:01'], '02:20:04', { by: other });
  const first = { durationS: 4, startOffsetMin: 120, times: ['00:20:00', '00:20:01', '00:20:04'] };
  const second = { durationS: 4, startOffsetMin: 60, times: ['01:20:00', '01:20:01', '01:20:04'] };
  const bothRunsAre = (expected: object) =>
    eventually(async () => {
      for (const run of ['before', 'placed']) expect(await seen(run, other)).toEqual(expected);
      return true;
    });
  expect(await times('before')).toEqual(first);
  expect(await deploy('trap-2', 'd1', { start: `${NIGHT}02:15:00+01:00` })).toBe(201);
  expect(await times('placed')).toEqual(second);
  await bothRunsAre(second);
  expect(await deploy('trap-2', 'd1', { start: `${NIGHT}02:15:00+02:00` })).toBe(200);
  await bothRunsAre(first);
});
