import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog } from '../libs/database/index.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { putPictures } from './fixtures/pictured-runs.js';
import { allRuns, deadLetters, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** Whatever was received before this very moment. */
const EVERYTHING = ['--older-than-days', '0.0000001'];
const COLOURS = ['red', 'green', 'blue'] as const;

interface Removed {
  readonly runs: number;
  readonly crops: number;
  readonly bytes: number;
  readonly oldest: string | null;
  readonly traps: Readonly<Record<string, object>>;
  readonly kept: Readonly<Record<string, number>>;
}

const filesOf = (dataDir: string) =>
  readdirSync(join(dataDir, 'images'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jpg'),
  );

describe('retention', () => {
  let station: Station;
  let trap: Trap;
  /** Three runs of each colour, two crops each. */
  const bytesOf = (run: number, i: number) => crop(COLOURS[run % 3] as 'red', run * 10 + i);
  const RUNS = 9;

  beforeAll(async () => {
    station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    for (let run = 0; run < RUNS; run += 1) {
      await trap.meta(`r${run}`, { start: `2026-06-0${1 + run}T10:00:00Z` });
      for (let i = 0; i < 2; i += 1) await trap.crop(`r${run}`, `c${i}`, await bytesOf(run, i));
      await trap.end(`r${run}`, { crops: 2 });
    }
    await eventually(
      async () => (await allRuns(station)).filter(({ observation }) => observation?.final).length === RUNS,
    );
    await station.get('/api/v1/runs/trap-1/r8/review', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ verdict: 'agree' }),
    });
  });
  afterAll(async () => {
    await trap?.close();
    await station?.remove();
  });

  const retention = (...args: string[]) => station.command<Removed>('retention', ...args, '--json');

  it('says what would go, and touches nothing', async () => {
    const would = await retention('--dry-run', ...EVERYTHING, '--keep-best', '0');
    // The first of each colour, and the reviewed one.
    expect(would).toMatchObject({
      runs: 5,
      crops: 10,
      kept: { 'first-of-season': 3, reviewed: 1 },
      oldest: '2026-06-04T10:00:00Z',
      traps: { 'trap-1': { runs: 5, crops: 10 } },
    });
    expect(filesOf(station.dataDir)).toHaveLength(18);
    await expect(retention(...EVERYTHING, '--keep-best', '0')).rejects.toThrow(
      /ended with 1: error: 10 pictures would go, 56 % of all.*--force/,
    );
    await expect(retention('--keep-best', '3')).rejects.toThrow(/nothing says which pictures may go/);
    expect(filesOf(station.dataDir)).toHaveLength(18);
  });

  it('removes just that, and no count, run or classification', async () => {
    const args = [...EVERYTHING, '--keep-best', '0', '--force'];
    const known = async () =>
      Promise.all(
        (await allRuns(station)).map(async ({ runId }) => {
          const { crops, ...run } = await findRun(station, 'trap-1', runId);
          const said = crops as unknown as Record<string, unknown>[];
          return {
            ...run,
            removed: 0,
            links: 0,
            crops: said.map((one) => ({ ...one, removed: 0, removedAt: 0 })),
          };
        }),
      );
    const before = await known();
    const would = await retention('--dry-run', ...args);
    expect(await retention(...args)).toEqual({ ...would, dryRun: false });
    expect(await known()).toEqual(before);
    expect(filesOf(station.dataDir).sort()).toEqual(
      ['r0', 'r1', 'r2', 'r8'].flatMap((run) =>
        [`c0`, 'c1'].map((id) => expect.stringMatching(`/${run}/${id}.jpg$`)),
      ),
    );
    expect(readdirSync(join(station.dataDir, 'images', 'trap-1'))).toHaveLength(4);
    expect(await retention(...args)).toMatchObject({ crops: 0 });
  });

  it('is answered with when and why where the picture was', async () => {
    const gone = await station.get('/api/v1/runs/trap-1/r5/crops/c0');
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({
      type: 'urn:trapline:problem:removed',
      status: 410,
      detail: expect.stringMatching(
        /^The picture of crop c0 was removed at \d{4}-\S+Z by retention: it was older than \S+ days\./,
      ),
    });
    expect((await station.get('/api/v1/runs/trap-1/r8/crops/c0')).status).toBe(200);
    const runs = (
      await station.json<{ items: { runId: string; removed: boolean; links: { image: string | null } }[] }>(
        '/api/v1/runs',
      )
    ).items;
    expect(runs.filter(({ removed }) => removed).map(({ runId }) => runId)).toEqual([
      'r7',
      'r6',
      'r5',
      'r4',
      'r3',
    ]);
    expect(runs.find(({ runId }) => runId === 'r5')?.links.image).toBeNull();
    expect(await findRun(station, 'trap-1', 'r5')).toMatchObject({
      crops: [{ removed: true, removedAt: expect.stringMatching(/Z$/) }, { removed: true }],
    });
  });

  it('leaves nothing for the classifier to do again, and no dead letter when the crop comes once more', async () => {
    await trap.crop('r5', 'c0', await bytesOf(5, 0));
    expect(await deadLetters(station)).toEqual([]);
    expect((await station.get('/api/v1/runs/trap-1/r5/crops/c0')).status).toBe(410);
    expect(filesOf(station.dataDir)).toHaveLength(8);
    const other = await colourModel({ card: { version: '2' } });
    expect(await station.command('reclassify', '--model', other, '--dry-run', '--json')).toMatchObject({
      crops: 8,
    });
  });

  it('counts a late crop in its run, and shows it', async () => {
    await trap.crop('r4', 'c9', await crop('green', 99));
    await eventually(async () => (await findRun(station, 'trap-1', 'r4')).storedCrops === 3);
    await eventually(async () => {
      const { observation, status } = await findRun(station, 'trap-1', 'r4');
      return status === 'complete' && observation?.final && observation.crops === 3;
    });
    expect(await station.json('/api/v1/runs/trap-1/r4')).toMatchObject({
      removed: false,
      links: { image: expect.stringMatching('c9$') },
    });
  });
});

describe('retention that is killed again and again', () => {
  it('never promises a picture that is gone, and ends with no file too many', async () => {
    const station = await Station.start({ TRAPLINE_CLASSIFIERS: '0' });
    try {
      await station.stop();
      const catalog = await Catalog.open({ dataDir: station.dataDir });
      const year = Date.UTC(2024, 0, 1);
      const runs = Array.from({ length: 300 }, (_, i) => ({
        trapId: 't1',
        runId: `r${i}`,
        atMs: year + i * 3_600_000,
        crops: 3,
      }));
      await putPictures(catalog, station.dataDir, runs);
      await catalog.close();
      await station.start();
      for (let kills = 0; kills < 3; kills += 1) {
        const before = filesOf(station.dataDir).length;
        const child = station.spawnCommand([
          'retention',
          '--older-than-days',
          '30',
          '--keep-best',
          '0',
          '--force',
        ]);
        const ended = once(child, 'exit');
        await eventually(() => child.exitCode !== null || filesOf(station.dataDir).length < before - 60);
        child.kill('SIGKILL');
        await ended;
        for (const run of ['r10', 'r80', 'r150', 'r220', 'r290']) {
          const { crops } = await station.json<{
            crops: { cropId: string; removed: boolean; sha256: string }[];
          }>(`/api/v1/runs/t1/${run}`);
          for (const { cropId, removed, sha256 } of crops) {
            const answer = await station.get(`/api/v1/runs/t1/${run}/crops/${cropId}`);
            expect(answer.status).toBe(removed ? 410 : 200);
            const bytes = Buffer.from(await answer.arrayBuffer());
            if (!removed) expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
          }
        }
      }
      await station.command('retention', '--older-than-days', '30', '--keep-best', '0', '--force');
      expect(filesOf(station.dataDir).map((path) => path.split('/')[2])).toEqual(['r0', 'r0', 'r0']);
      expect((await allRuns(station)).length).toBe(300);
    } finally {
      await station.remove();
    }
  }, 120_000);
});

describe('retention in the service', () => {
  it('removes by itself what a setting says, and refuses a catalog that is not the one of the data folder', async () => {
    const station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    try {
      for (let run = 0; run < 5; run += 1) {
        await trap.crop(`r${run}`, 'c0', await crop('red', run));
        await trap.end(`r${run}`, { crops: 1 });
      }
      await eventually(
        async () => (await allRuns(station)).filter(({ observation }) => observation?.final).length === 5,
      );
      await station.stop();
      const rule = { TRAPLINE_RETENTION_DAYS: '0.0000001', TRAPLINE_RETENTION_KEEP_BEST: '3' };
      await station.start(rule);
      // Not sooner: it may be in the middle of removing more.
      await eventually(() => station.output.includes('retention removed pictures'));
      const left = filesOf(station.dataDir);
      expect(left.length).toBeLessThan(5);
      expect(left.length).toBeGreaterThanOrEqual(3);
      expect(await allRuns(station)).toHaveLength(5);

      await station.stop();
      const catalog = join(station.dataDir, 'catalog.sqlite');
      renameSync(catalog, join(station.dataDir, 'catalog.aside'));
      await station.start({ ...rule, TRAPLINE_RETENTION_KEEP_BEST: '0' });
      await eventually(() => station.output.includes('retention removes nothing'));
      await expect(station.command('retention', ...EVERYTHING)).rejects.toThrow(/belongs to another catalog/);
      expect(filesOf(station.dataDir)).toEqual(left);
      expect(existsSync(catalog)).toBe(true);
      expect(readFileSync(join(station.dataDir, 'catalog-mark.json'), 'utf8')).toContain('"runs":5');
    } finally {
      await trap.close();
      await station.remove();
    }
  });
});
