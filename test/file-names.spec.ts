import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';
import { unzip } from './fixtures/unzip.js';

/** Ids that some file system takes for one another, or does not take at all. */
const IDS = [
  'run-a',
  'RUN-A',
  'Run-A',
  'con',
  'aux.',
  'nul.1',
  'COM1',
  'lpt9.txt',
  'end.',
  'x'.repeat(64),
  'X'.repeat(64),
];
const ON_WINDOWS = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[\w+.-]*[\w+-]$/i;
/** Windows allows 260 for the whole path; the folder that it is unpacked into has the rest. */
const LONGEST_PATH = 160;

/** Makes a folder one in which upper and lower case are the same, where there is a C compiler. */
function caseInsensitive(folder: string): Record<string, string> | undefined {
  const library = join(folder, 'case-insensitive.so');
  try {
    const source = resolve('test/fixtures/case-insensitive.c');
    execFileSync('cc', ['-shared', '-fPIC', '-w', '-o', library, source, '-ldl'], { stdio: 'ignore' });
    return { LD_PRELOAD: library, CASE_INSENSITIVE: join(folder, 'disk') };
  } catch {
    return undefined;
  }
}

const parent = mkdtempSync(join(tmpdir(), 'trapline-names-'));
const emulated = process.platform === 'linux' ? caseInsensitive(parent) : undefined;

let station: Station;
let trap: Trap;
beforeAll(async () => {
  const model = await colourModel();
  station = await Station.start(
    { ...emulated, TRAPLINE_DATA_DIR: join(parent, 'disk', 'data'), TRAPLINE_MODEL: model },
    parent,
  );
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});
afterAll(async () => {
  await trap.close();
  await station.remove();
  rmSync(parent, { recursive: true, force: true });
});

const sent = new Map<string, Buffer>();
const files = () =>
  readdirSync(join(parent, 'disk', 'data', 'images'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jpg'),
  );

describe(`ids that file systems mix up${emulated ? ', on a disk where case does not count' : ' (no C compiler: the disk is as it is)'}`, () => {
  it('each keep their own acknowledged bytes', async () => {
    let seed = 0;
    for (const run of IDS) {
      for (const id of ['c0', 'C0', 'con']) {
        seed += 1;
        const bytes = await crop('red', seed);
        await trap.crop(run, id, bytes);
        sent.set(`${run}/${id}`, bytes);
      }
      await trap.end(run, { crops: 3 });
    }
    await eventually(() => files().length === sent.size);
    await eventually(async () => (await allRuns(station)).every(({ observation }) => observation?.final));
    for (const [name, bytes] of sent) {
      const [run, id] = name.split('/');
      const answer = await station.get(`/api/v1/runs/trap-1/${run}/crops/${id}`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect([name, Buffer.from(await answer.arrayBuffer()).equals(bytes)]).toEqual([name, true]);
    }
  });

  it.each(['/api/v1/downloads/images.zip', '/data/all', '/api/v1/downloads/camtrap-dp.zip?media=true'])(
    'unpack from %s to files of their own on every system',
    async (path) => {
      const answer = await station.get(path);
      if (answer.status === 404) throw new Error(`there is no ${path}`);
      const entries = unzip(Buffer.from(await answer.arrayBuffer()));
      const names = [...entries.keys()];
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      for (const name of names) {
        expect(name.length).toBeLessThan(LONGEST_PATH);
        for (const part of name.split('/')) expect(part).toMatch(ON_WINDOWS);
      }
      const pictures = names
        .filter((name) => name.endsWith('.jpg'))
        .map((name) => entries.get(name) as Buffer);
      expect(pictures.map((bytes) => bytes.toString('base64')).sort()).toEqual(
        [...sent.values()].map((bytes) => bytes.toString('base64')).sort(),
      );
    },
  );
});
