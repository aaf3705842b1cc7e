import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { OwnPostgres } from './fixtures/own-postgres.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { TcpProxy } from './fixtures/tcp-proxy.js';
import { Trap } from './fixtures/trap.js';

const { missing } = OwnPostgres;
const SHIM = resolve('test/fixtures/no-names.cjs');
const noNames = join(tmpdir(), `trapline-no-names-${process.pid}`);

let postgres: OwnPostgres;
let network: TcpProxy;
let station: Station;
let trap: Trap;
let pid: number;

/** Nothing is acknowledged, over MQTT or HTTP, before `mend`; the crop of MQTT is then, by itself. */
async function isHeldUntil(run: string, mend: () => unknown) {
  const bytes = await crop('red', 1);
  let isAcknowledged = false;
  const sent = trap.crop(run, 'c-0', bytes).then(() => {
    isAcknowledged = true;
  });
  const answer = await station.get(`/api/v1/traps/trap-1/runs/${run}/crops/c-1`, {
    method: 'PUT',
    body: await crop('red', 2),
  });
  const problem = (await answer.json()) as { type: string };
  expect([answer.status, problem.type]).toEqual([503, 'urn:trapline:problem:unavailable']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  await delay(1000);
  expect(isAcknowledged).toBe(false);
  await mend();
  await sent;
  await eventually(async () => (await findRun(station, 'trap-1', run)).storedCrops === 1);
  expect(await station.json('/api/v1/dead-letters')).toMatchObject({ items: [] });
  expect([station.isRunning, station.pid]).toEqual([true, pid]);
}

(missing ? describe.skip : describe)(`a PostgreSQL without room or name${missing}`, () => {
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    network = await TcpProxy.to(postgres.port);
    station = await Station.start({
      DATABASE_URL: postgres.urlOn(network.port).replace('127.0.0.1', 'localhost'),
      NODE_OPTIONS: `--require=${SHIM}`,
      NO_NAMES: noNames,
    });
    pid = station.pid;
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  });

  afterAll(async () => {
    rmSync(noNames, { force: true });
    await trap?.close();
    await station?.remove();
    await network?.close();
    await postgres?.remove();
  });

  it.each(['crops', 'runs'])('has no disk left for %s (53100): held back until it has', async (table) => {
    const admin = await postgres.connect('catalog');
    await admin.query(`create function no_room() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
    await admin.query(
      `create trigger no_room before insert on ${table} for each row execute function no_room()`,
    );
    await isHeldUntil(`full-${table}`, () => admin.query('drop function no_room cascade'));
    await admin.end();
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('has a name that cannot be resolved for a while (%s)', async (code) => {
    writeFileSync(noNames, code);
    network.dropAll();
    await isHeldUntil(`name-${code}`, () => rmSync(noNames));
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('has a name that cannot be resolved at start (%s)', async (code) => {
    await trap.close();
    await station.stop();
    writeFileSync(noNames, code);
    const before = station.output.length;
    const started = station.start();
    await eventually(() => station.output.slice(before).includes(code), 30_000);
    await delay(1500);
    expect(station.isRunning).toBe(true);
    expect(station.output.slice(before)).not.toContain('"msg":"ready"');
    rmSync(noNames);
    await started;
    pid = station.pid;
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    await trap.crop(`start-${code}`, 'c-0', await crop('red', 1));
    await eventually(async () => (await findRun(station, 'trap-1', `start-${code}`)).storedCrops === 1);
  });
});
