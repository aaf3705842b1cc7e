import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from './fixtures/eventually.js';
import { SHORT_LIVED } from './fixtures/flags.js';

const FULL = '/dev/full';

let child: ChildProcess;
let dataDir: string;
afterEach(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
});

/** A service that logs every request, with its output on `stdout`. @returns where it answers */
async function start(stdout: number | 'pipe'): Promise<string> {
  dataDir = mkdtempSync(join(tmpdir(), 'trapline-log-'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  child = spawn(process.execPath, [...SHORT_LIVED, resolve('dist/apps/station/main.js')], {
    env: {
      PATH: process.env['PATH'],
      TRAPLINE_DATA_DIR: dataDir,
      TRAPLINE_HTTP_PORT: String(port),
      TRAPLINE_MQTT_PORT: '0',
      TRAPLINE_MODEL: 'none',
      TRAPLINE_DISK_RESERVE_MB: '0',
      TRAPLINE_LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', stdout, 'ignore'],
  });
  return `http://127.0.0.1:${port}/health/live`;
}

async function expectAlive(url: string): Promise<void> {
  await eventually(async () => (await fetch(url)).ok);
  // It logs meanwhile, and every line fails.
  await delay(500);
  expect(child.exitCode).toBeNull();
  expect((await fetch(url)).status).toBe(200);
}

describe('a log that cannot be written', () => {
  it('does not end the service when nobody reads it any more', async () => {
    const url = await start('pipe');
    child.stdout?.once('data', () => child.stdout?.destroy());
    await expectAlive(url);
  });

  (existsSync(FULL) ? it : it.skip)('does not end the service when its disk is full', async () => {
    const full = openSync(FULL, 'w');
    const url = await start(full);
    closeSync(full);
    await expectAlive(url);
  });
});
