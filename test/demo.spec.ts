import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './fixtures/eventually.js';

const MAIN = resolve('dist/apps/station/demo/main.js');
/** Generous: other tests run on the same machine. */
const LIMIT_MS = 120_000;

let folder: string;
let demo: ChildProcess;
let output = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-demo-'));
  demo = spawn(process.execPath, [MAIN, '--data-dir', join(folder, 'demo'), '--days', '1', '--traps', '2'], {
    env: {
      PATH: process.env['PATH'],
      TRAPLINE_HTTP_PORT: '0',
      TRAPLINE_MQTT_PORT: '0',
      // What somebody works with must stay as it is.
      TRAPLINE_DATA_DIR: join(folder, 'real'),
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [demo.stdout, demo.stderr])
    stream?.on('data', (text) => {
      output += text;
    });
});
afterAll(async () => {
  if (demo.exitCode === null) demo.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const said = (pattern: RegExp) => eventually(() => pattern.exec(output), LIMIT_MS);

describe('the demo', () => {
  it(
    'comes to a first observation of a drawn insect by itself, and says how to look at it',
    async () => {
      await said(/first observation: drawn_\w+ \(\d\.\d\d\) at sim-1-00\d/);
      const [, key, url] = await said(/one run +curl -H 'Authorization: Bearer ([\w-]+)' (\S+)/);
      const response = await fetch(url as string, { headers: { Authorization: `Bearer ${key}` } });
      expect(await response.json()).toMatchObject({
        trapId: expect.stringMatching(/^sim-1-/),
        observation: { model: 'demo-1', label: expect.stringMatching(/^drawn_/) },
      });
    },
    LIMIT_MS,
  );

  it(
    'plays the past, finds it stored, and goes on live',
    async () => {
      expect(output).toMatch(/^Open this link within a day; .*: http:\S+\/first-start#\S+\n/);
      await said(/traps: published = stored: \d+ runs, \d+ crops/);
      await said(/From now on live/);
    },
    LIMIT_MS,
  );

  it(
    'does not disturb a demo that runs already',
    async () => {
      await said(/pages +(\S+)\//);
      const second = spawnSync(process.execPath, [MAIN, '--data-dir', join(folder, 'demo')], {
        env: { PATH: process.env['PATH'], TRAPLINE_HTTP_PORT: '0', TRAPLINE_MQTT_PORT: '0' },
        encoding: 'utf8',
        timeout: 20_000,
      });
      expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('stop it first')]);
    },
    LIMIT_MS,
  );

  it(
    'ends everything with one Ctrl-C, with status 0',
    async () => {
      const [, api] = await said(/pages +(\S+)\//);
      demo.kill('SIGINT');
      await once(demo, 'exit');
      expect([demo.exitCode, output]).toEqual([0, expect.stringContaining('Ending: the traps first')]);
      expect(output.match(/traps: published = stored/g)?.length).toBe(2);
      await expect(fetch(`${api}/health/live`)).rejects.toThrow();
    },
    LIMIT_MS,
  );
});
