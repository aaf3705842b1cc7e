import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupVotes, insectDetectRows } from '../libs/domain/index.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { fillFolder } from './fixtures/filled-folder.js';
import { colourModel } from './fixtures/model.js';
import { readTable } from './fixtures/read-csv.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const ALL = '/api/v1/downloads/images.zip';
const CROPS = 400;
const CROP_BYTES = 250_000;
const MB = 1e6;

const isHere = (program: string) => spawnSync(program, ['--version']).error === undefined;
const itWith = (...programs: string[]) => (programs.every(isHere) ? it : it.skip);

let station: Station;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  await station.stop();
  const noise = randomBytes(CROP_BYTES);
  await fillFolder(station.dataDir, CROPS, (i) => {
    const bytes = Buffer.from(noise);
    bytes.writeUInt32BE(i);
    return bytes;
  });
  await station.start();
}, 120_000);
afterAll(() => station.remove());

const file = (name: string) => join(station.dataDir, name);
const digestOf = (name: string) =>
  createHash('sha256')
    .update(readFileSync(file(name)))
    .digest('hex');
const sizeOf = (name: string) => statSync(file(name), { throwIfNoEntry: false })?.size ?? 0;

function curl(...args: string[]): ChildProcess {
  const key = `Authorization: Bearer ${station.adminKey}`;
  return spawn('curl', ['-sS', '-H', key, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}
/** @returns its exit code and what it complained of */
async function curled(...args: string[]): Promise<[number, string]> {
  const child = curl(...args);
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return [code, said];
}

/** Files of the data folder that the service holds open, but for those that it always does. */
const openFiles = () =>
  readdirSync(`/proc/${station.pid}/fd`)
    .map((fd) => {
      try {
        return readlinkSync(`/proc/${station.pid}/fd/${fd}`);
      } catch {
        return '';
      }
    })
    .filter((path) => path.includes('/downloads/') || path.includes('/images/'));
const residentBytes = () =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${station.pid}/status`, 'utf8'))?.[1]);

const ask = (path: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${station.adminKey}` };
    get(`${station.http}${path}`, { headers, agent: false }, resolve).on('error', reject);
  });

describe('a download of pictures', () => {
  itWith('curl')(
    'that breaks off is resumed by plain `curl -C -`, after new crops and a restart, and is the same to the last byte',
    async () => {
      const url = `${station.http}${ALL}`;
      expect(await curled('-o', file('whole.zip'), url)).toEqual([0, '']);
      const child = curl('--limit-rate', '40M', '-o', file('broken.zip'), url);
      await eventually(() => sizeOf('broken.zip') > 5 * MB);
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(sizeOf('broken.zip')).toBeLessThan(sizeOf('whole.zip'));

      const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
      await trap.crop('new', 'c0', await crop('red'));
      await trap.close();
      await station.kill();
      await station.start();

      expect(await curled('-C', '-', '-o', file('broken.zip'), url)).toEqual([0, '']);
      expect(digestOf('broken.zip')).toBe(digestOf('whole.zip'));
      // Once it is whole, there is nothing more to get, and who asks anew gets what is new.
      expect(await curled('-C', '-', '-o', file('broken.zip'), url)).toEqual([0, '']);
      expect(digestOf('broken.zip')).toBe(digestOf('whole.zip'));
      expect(await curled('-o', file('later.zip'), url)).toEqual([0, '']);
      expect(sizeOf('later.zip')).toBeGreaterThan(sizeOf('whole.zip'));
    },
    120_000,
  );

  itWith('curl', 'unzip')('is found to be good by unzip', async () => {
    expect((await curled('-o', file('good.zip'), `${station.http}${ALL}`))[0]).toBe(0);
    const { status, stdout } = spawnSync('unzip', ['-tq', file('good.zip')], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('No errors detected')]);
  });

  itWith('curl', 'python3')('is found to be good by Python, with a table of the runs inside', async () => {
    expect((await curled('-o', file('good.zip'), `${station.http}${ALL}?trap=trap-0`))[0]).toBe(0);
    const script =
      'import sys,zipfile as z; f=z.ZipFile(sys.argv[1]); print(f.testzip()); print(f.read("runs.csv").decode(), end="")';
    const { stdout } = spawnSync('python3', ['-c', script, file('good.zip')], { encoding: 'utf8' });
    expect(stdout.startsWith('None\ntrapId,')).toBe(true);
    const runs = readTable(stdout.slice('None\n'.length));
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.every(({ trapId }) => trapId === 'trap-0')).toBe(true);
  });

  it('gives its first byte at once', async () => {
    const answer = await ask(ALL);
    await once(answer, 'data');
    answer.destroy();
  });

  it('holds neither files nor memory for a client that goes away', async () => {
    const before = residentBytes();
    for (let time = 0; time < 10; time++) {
      const answer = await ask(ALL);
      await once(answer, 'data');
      answer.destroy();
    }
    await eventually(() => openFiles().length === 0);
    expect(residentBytes() - before).toBeLessThan(64 * MB);
  });

  it('is read no faster than the client takes it, while others are served', async () => {
    const before = residentBytes();
    const answer = await ask(ALL);
    await once(answer, 'data');
    answer.pause();
    for (let time = 0; time < 20; time++) await station.json('/api/v1/runs?limit=500');
    expect(openFiles().filter((path) => path.includes('/downloads/'))).toHaveLength(1);
    expect(residentBytes() - before).toBeLessThan(64 * MB);
    answer.destroy();
    await eventually(() => openFiles().length === 0);
  });
});

describe('the table of crops', () => {
  it("gives the observation of the service to who applies insect-detect's rule to it", async () => {
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const colours = ['red', 'red', 'blue', 'green', 'red'] as const;
    await trap.meta('visit', { start: '2026-06-01T10:00:00+02:00', session: 's-1', trackId: 7 });
    for (const [i, colour] of colours.entries()) await trap.crop('visit', `c-${i}`, await crop(colour, i));
    const manifest = colours.map((_, i) => ({
      crop: `c-${i}`,
      at: `2026-06-01T10:00:0${i}.250+02:00`,
      confidence: 0.8,
      box: [0.1, 0.2, 0.3, 0.4],
      trackStatus: 'TRACKED',
    }));
    await trap.end('visit', { crops: colours.length, manifest });
    const { observation } = await eventually(async () => {
      const run = await findRun(station, 'trap-1', 'visit');
      return run.observation?.final && run;
    });
    await trap.close();
    const rows = readTable(await (await station.get('/api/v1/downloads/crops.csv?trap=trap-1')).text());
    const crops = rows.filter((row) => row['session_id'] === 's-1' && row['track_id'] === '7');
    expect(crops.map((row) => row['timestamp'])).toEqual(
      colours.map((_, i) => `2026-06-01T10:00:0${i}.250000`),
    );
    const votes = crops.map((row) => ({ label: row['top1'] ?? '', probability: Number(row['top1_prob']) }));
    const [best] = insectDetectRows(groupVotes(votes));
    expect(best?.label).toBe(observation?.label);
    expect(Math.abs((best?.top1ProbWeighted ?? 0) - (observation?.probability ?? 1))).toBeLessThanOrEqual(
      0.01,
    );
  });
});
