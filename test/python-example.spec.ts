import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

const LIMIT_MS = 60_000;
/** The system's own has the packages of the system. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

const python = PYTHONS.find((path) => {
  try {
    execFileSync(path, ['-c', 'import paho.mqtt.client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!python && process.env['TRAPLINE_TEST_PAHO'] === 'required')
  throw new Error('there is no Python with paho-mqtt, and TRAPLINE_TEST_PAHO says that there must be');
const withPaho = python ? it : it.skip;
const why = python ? '' : ' (skipped: no Python with paho-mqtt)';

let station: Station;
let folder: string;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_RECEIPT_WAIT_S: '1' });
  folder = mkdtempSync(join(tmpdir(), 'trapline-python-'));
  mkdirSync(join(folder, 'crops'));
  const [, program = ''] =
    /^```python\n([\s\S]*?)^```$/m.exec(readFileSync('docs/how-to/publish-from-python.md', 'utf8')) ?? [];
  writeFileSync(join(folder, 'publish_run.py'), program);
});
afterAll(async () => {
  await station.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(run: string, password: string) {
  const args = [
    join(folder, 'publish_run.py'),
    '127.0.0.1',
    String(station.mqttPort),
    'trap-1',
    run,
    join(folder, 'crops'),
  ];
  const child = spawn(python as string, args, {
    env: { PATH: process.env['PATH'], TRAP_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const [status] = await once(child, 'close');
  return { status, output };
}

describe('the Python of the how-to', () => {
  withPaho(
    `publishes a run, and ends when the service has all of it${why}`,
    async () => {
      for (const name of ['0001', '0002', '0003'])
        writeFileSync(join(folder, 'crops', `${name}.jpg`), await crop('red', Number(name)));
      expect(await publish('python-1', station.trapPassword)).toEqual({
        status: 0,
        output: 'complete: 3 crops are stored\n',
      });
      const run = await findRun(station, 'trap-1', 'python-1');
      expect(run).toMatchObject({ status: 'complete', storedCrops: 3 });
    },
    LIMIT_MS,
  );

  withPaho(
    `says which crop was refused, and ends all the same${why}`,
    async () => {
      writeFileSync(join(folder, 'crops', '0004.jpg'), 'no picture');
      const { status, output } = await publish('python-2', station.trapPassword);
      expect([status, output]).toEqual([0, expect.stringContaining('0004 is not stored: not-an-image')]);
    },
    LIMIT_MS,
  );

  withPaho(
    `ends with 1 when the password is wrong${why}`,
    async () => {
      const { status, output } = await publish('python-3', 'wrong');
      expect([status, output]).toEqual([1, expect.stringContaining('refuses the connection')]);
    },
    LIMIT_MS,
  );
});
