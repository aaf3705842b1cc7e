import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { allRuns, deadLetters } from './fixtures/rest.js';
import { simulate } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const SAME = /^published = stored: \d+ runs, \d+ crops$/;
const FAULTY =
  '--traps 3 --days 2 --runs 3 --drawings 3 --until 2026-06-20T18:00:00Z --faults --spike --seed faulty';
const LIMIT_MS = 180_000;

let station: Station;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-ledger-'));
  station = await Station.start({ TRAPLINE_RECEIPT_WAIT_S: '1' });
});
afterAll(async () => {
  await station.remove();
  rmSync(folder, { recursive: true });
});

const ledger = () => join(folder, 'ledger');
/** Every picture that is stored, oldest name first. */
const pictures = (): string[] =>
  readdirSync(join(station.dataDir, 'images'), { recursive: true, encoding: 'utf8' })
    .map((path) => join(station.dataDir, 'images', path))
    .filter((path) => statSync(path).isFile())
    .sort();
const check = () => simulate(station, `--check --ledger ${ledger()} --patience 0`);

describe('the simulator', () => {
  it(
    'publishes a season with everything going wrong, and finds all of it stored, once',
    async () => {
      const { status, lastLine, output } = await simulate(
        station,
        `${FAULTY} --ledger ${ledger()} --patience 30`,
      );
      expect([status, output]).toEqual([0, expect.stringMatching(/unusual: \d+ times drawn_/)]);
      expect(lastLine).toMatch(SAME);
      const [, runs, crops] = /(\d+) runs, (\d+) crops/.exec(lastLine) ?? [];
      const stored = (await allRuns(station)).filter(({ trapId }) => trapId.startsWith('sim-faulty-'));
      expect(stored).toHaveLength(Number(runs));
      expect(stored.reduce((sum, run) => sum + run.storedCrops, 0)).toBe(Number(crops));
      expect(pictures()).toHaveLength(Number(crops));
      expect(new Set((await deadLetters(station)).map(({ code }) => code))).toContain('not-an-image');
    },
    LIMIT_MS,
  );

  it(
    'publishes the same season again, and nothing is stored twice',
    async () => {
      const before = (await allRuns(station)).length;
      const { status, lastLine } = await simulate(station, `${FAULTY} --patience 30`);
      expect([status, lastLine]).toEqual([0, expect.stringMatching(SAME)]);
      expect(await allRuns(station)).toHaveLength(before);
    },
    LIMIT_MS,
  );

  it(
    'names a picture of which one byte has changed, and ends with 1',
    async () => {
      const path = pictures()[4] as string;
      const bytes = readFileSync(path);
      const altered = Buffer.from(bytes);
      altered[altered.length >> 1] = (altered[altered.length >> 1] as number) ^ 1;
      writeFileSync(path, altered);
      const { status, lastLine, output } = await check();
      writeFileSync(path, bytes);
      expect([status, lastLine]).toEqual([1, expect.stringMatching(/^published ≠ stored/)]);
      expect(output).toContain(`${path} has other bytes`);
      expect((await check()).status).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'names a picture whose file is gone, and ends with 1',
    async () => {
      const path = pictures().at(-1) as string;
      const bytes = readFileSync(path);
      rmSync(path);
      const { status, output } = await check();
      writeFileSync(path, bytes);
      const [, trap, , run, file] = path.slice(join(station.dataDir, 'images').length).split('/');
      expect(status).toBe(1);
      expect(output).toContain(`${trap}/${run}/${file?.replace('.jpg', '')} has no file`);
    },
    LIMIT_MS,
  );

  it(
    'names a run that came from somebody else, and ends with 1',
    async () => {
      const password = await station.addTrap('sim-faulty-001');
      const stranger = await Trap.connect('sim-faulty-001', password, station.mqttPort);
      await stranger.crop('strange', 'c0', await crop('red', 1));
      await stranger.close();
      const { status, output } = await check();
      expect(status).toBe(1);
      expect(output).toContain('sim-faulty-001/strange was never published');
    },
    LIMIT_MS,
  );

  it(
    'loses nothing when the service is killed in the middle',
    async () => {
      const simulated = simulate(
        station,
        '--traps 2 --days 6 --runs 4 --drawings 3 --seed killed --patience 30',
      );
      let isOver = false;
      void simulated.then(() => {
        isOver = true;
      });
      await eventually(async () => (await allRuns(station, '&trap=sim-killed-001')).length > 0);
      expect(isOver).toBe(false);
      await station.kill();
      await station.start();
      expect(await simulated).toMatchObject({ status: 0, lastLine: expect.stringMatching(SAME) });
    },
    LIMIT_MS,
  );

  it(
    'plays real pictures from a folder with accounts that somebody made',
    async () => {
      const images = mkdtempSync(join(tmpdir(), 'trapline-images-'));
      writeFileSync(join(images, 'moth_01.jpg'), await crop('red', 1));
      writeFileSync(join(images, 'moth_02.jpg'), await crop('green', 2));
      const accounts = join(images, 'accounts');
      const made = await station.command<object>('trap', 'add', 'meadow-1', '--json');
      writeFileSync(accounts, `${JSON.stringify(made)}\n`);
      const { status, lastLine } = await simulate(
        station,
        `--images ${images} --accounts ${accounts} --traps 1 --days 1 --key ${station.adminKey} --seed real`,
      );
      rmSync(images, { recursive: true });
      expect([status, lastLine]).toEqual([0, expect.stringMatching(SAME)]);
      expect((await allRuns(station)).some(({ trapId }) => trapId === 'meadow-1')).toBe(true);
    },
    LIMIT_MS,
  );

  it('takes its accounts away when it has ended', async () => {
    const traps = await station.command<{ trapId: string }[]>('trap', 'list', '--json');
    expect(traps.map(({ trapId }) => trapId).filter((id) => id.startsWith('sim-killed'))).toEqual([]);
    const keys = await station.command<{ name: string }[]>('key', 'list', '--json');
    expect(keys.map(({ name }) => name)).toEqual(['first-admin']);
  });

  it('says what is wrong with a command line, and where no service answers', async () => {
    expect(await simulate(station, '--traps none')).toMatchObject({
      status: 2,
      output: expect.stringContaining('--traps'),
    });
    expect(await simulate(station, '--api http://127.0.0.1:9')).toMatchObject({
      status: 1,
      lastLine: expect.stringContaining('no service answers at http://127.0.0.1:9'),
    });
  });
});
