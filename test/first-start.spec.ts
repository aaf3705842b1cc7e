import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Mosquitto, mosquittoOrReason } from './fixtures/mosquitto.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

const shell = promisify(execFile);
const { path, reason } = mosquittoOrReason();

let folder: string;
let helper: Station;
let broker: Mosquitto;
let station: Station;
beforeAll(async () => {
  if (!path) return;
  folder = mkdtempSync(join(tmpdir(), 'trapline-first-'));
  writeFileSync(join(folder, 'insect.jpg'), await crop('red', 1));
  // A broker that knows the account of a service, and of no trap.
  helper = await Station.start();
  broker = await Mosquitto.start(path, helper);
  station = await Station.start({ MQTT_URL: broker.serviceUrl });
});
afterAll(async () => {
  await station?.remove();
  await broker?.stop();
  await helper?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

describe(`the first start with an external broker${reason}`, () => {
  const itHere = path ? it : it.skip;

  itHere('prints commands that send a run as they are', async () => {
    const commands = station.output
      .split('\n')
      .filter((line) => /^ {2}(now=|(curl|echo) .*\/traps\/)/.test(line))
      .slice(0, 3);
    expect(commands).toHaveLength(3);
    const script = commands.join('\n').replaceAll('curl ', 'curl -fsS ');
    const { stdout } = await shell('sh', ['-ec', script], { cwd: folder });
    expect(stdout).not.toMatch(/problem/);
    await eventually(async () => (await allRuns(station, '&trap=trap-1'))[0]?.storedCrops === 1);
  });

  itHere('names the address of that broker for MQTT, and how it learns of the account', () => {
    expect(station.output).toContain(`mosquitto_pub -h 127.0.0.1 -p ${broker.port} -u trap-1 `);
    expect(station.output).toContain('npm run trapline -- mosquitto --out <folder>');
    expect(station.output).not.toContain(new URL(broker.serviceUrl).password);
  });
});
