import { mkdirSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;

beforeAll(async () => {
  station = await Station.start();
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});

afterAll(async () => {
  await trap.close();
  await station.remove();
});

const images = () => join(station.dataDir, 'images');
const fileOf = (run: string) =>
  readdirSync(images(), { recursive: true, encoding: 'utf8' }).find(
    (path) => path.includes(`/${run}/`) && path.endsWith('.jpg'),
  );

async function imageOf(run: string, id = 'trap-1'): Promise<Buffer | undefined> {
  const response = await station.get(`/api/v1/runs/${id}/${run}/crops/c0`);
  return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
}

describe('files that are lost under the feet of the service', () => {
  it('are told of as lost, and come back when the trap sends the crop again', async () => {
    const bytes = await crop('red', 1);
    await trap.crop('lost', 'c0', bytes);
    const path = await eventually(() => fileOf('lost'));
    await eventually(
      async () => (await station.json<{ crops: unknown[] }>('/api/v1/runs/trap-1/lost')).crops.length === 1,
    );
    unlinkSync(join(images(), path));
    for (const what of ['', '/thumbnail']) {
      const answer = await station.get(`/api/v1/runs/trap-1/lost/crops/c0${what}`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        expect.objectContaining({
          type: 'urn:trapline:problem:picture-lost',
          detail: expect.stringContaining('npm run trapline -- doctor'),
        }),
      ]);
    }
    await trap.crop('lost', 'c0', bytes);
    await eventually(async () => (await imageOf('lost'))?.equals(bytes));
    await eventually(() => fileOf('lost'));
  });

  it('take no acknowledged crop with them when the journal is removed', async () => {
    const folder = join(station.dataDir, 'inbox');
    await trap.crop('before', 'c0', await crop('red', 2));
    await eventually(() => fileOf('before'));
    for (const segment of readdirSync(folder)) rmSync(join(folder, segment));
    const bytes = await crop('green', 3);
    await trap.crop('after', 'c0', bytes);
    await eventually(async () => (await imageOf('after'))?.equals(bytes));
    await eventually(() => fileOf('after'));
  });

  it('of one trap hold up no other trap, and health says so', async () => {
    const password = await station.addTrap('trap-2');
    const other = await Trap.connect('trap-2', password, station.mqttPort);
    writeFileSync(join(images(), 'trap-2'), 'a file where a folder should be');
    const bytes = await crop('blue', 4);
    await other.crop('stuck', 'c0', bytes);
    await trap.crop('flows', 'c0', await crop('blue', 5));
    await eventually(() => fileOf('flows'));
    expect((await imageOf('stuck', 'trap-2'))?.equals(bytes)).toBe(true);
    await eventually(
      async () => (await station.json<{ status: string }>('/health/ready')).status === 'degraded',
    );
    rmSync(join(images(), 'trap-2'));
    mkdirSync(join(images(), 'trap-2'));
    await eventually(() => fileOf('stuck'), 40_000);
    await other.close();
  }, 120_000);
});
