import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { Station } from './fixtures/station.js';

let station: Station;
beforeAll(async () => {
  station = await Station.start();
});
afterAll(() => station.remove());

const paths = () => readdirSync(station.dataDir, { recursive: true }) as string[];
/** What somebody else on this machine may read. */
const openToOthers = () =>
  paths().filter(
    (path) => (statSync(join(station.dataDir, path), { throwIfNoEntry: false })?.mode ?? 0) & 0o077,
  );

it('lets nobody else read catalog, journal and pictures, whoever made the folder, or left it open before', async () => {
  await sendOne('r1');
  expect(openToOthers()).toEqual([]);
  await station.stop();
  chmodSync(station.dataDir, 0o755);
  for (const name of ['catalog.sqlite', 'inbox', 'images']) chmodSync(join(station.dataDir, name), 0o755);
  await station.start();
  await sendOne('r2');
  // Of a group that was let in, nobody knows whether it was on purpose.
  expect(openToOthers()).toEqual(['images']);
  expect(statSync(join(station.dataDir, 'images')).mode & 0o777).toBe(0o750);
});

async function sendOne(runId: string): Promise<void> {
  await new HttpTrap('trap-1', station.trapPassword, station).crop(runId, 'c-1', await crop('red'));
  await eventually(() => paths().some((path) => path.includes(runId) && path.endsWith('.jpg')));
}
