import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEngines } from './fixtures/catalog-engines.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { influxdOrReason, TestInflux } from './fixtures/influx.js';
import { colourModel } from './fixtures/model.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});
afterAll(async () => {
  await trap?.close();
  await station?.remove();
});

const RUNS = '/api/v1/runs/trap-1';
const remove = (path: string, reason = 'a person in the picture') =>
  station.get(`${RUNS}/${path}?reason=${encodeURIComponent(reason)}`, { method: 'DELETE' });
const statusOf = async (path: string) => (await station.get(path)).status;
const problemOf = async (path: string) => {
  const answer = await station.get(path);
  return [answer.status, ((await answer.json()) as { type: string }).type];
};
const DELETED = [410, 'urn:trapline:problem:deleted'];

/** Whether these bytes lie anywhere below the data folder, in whatever file. */
function isOnDisk(bytes: Buffer, folder = station.dataDir): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .some((path) => existsSync(path) && statSync(path).isFile() && readFileSync(path).includes(bytes));
}

describe('a picture that is deleted for good', () => {
  let person: Buffer;
  let bee: Buffer;
  beforeAll(async () => {
    [person, bee] = [await crop('red', 41), await crop('green', 42)];
    await trap.crop('mixed', 'c0', person);
    await trap.crop('mixed', 'c1', bee);
    await trap.end('mixed', { crops: 2 });
    await eventually(async () => (await findRun(station, 'trap-1', 'mixed')).status === 'complete');
    await eventually(
      async () => (await findRun(station, 'trap-1', 'mixed')).observation?.model !== undefined,
    );
    expect(await statusOf(`${RUNS}/mixed/crops/c0/thumbnail`)).toBe(200);
    expect(await statusOf(`${RUNS}/mixed/images.zip`)).toBe(200);
    expect(isOnDisk(person)).toBe(true);
  });

  it('needs a reason, and an administrator', async () => {
    expect((await station.get(`${RUNS}/mixed/crops/c0`, { method: 'DELETE' })).status).toBe(400);
    expect((await remove('mixed/crops/c0', '')).status).toBe(400);
    expect(await statusOf(`${RUNS}/mixed/crops/c0`)).toBe(200);
  });

  it('is gone from the disk, the journal, lists and archives, and its run is decided without it', async () => {
    const answer = await remove('mixed/crops/c0');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        trapId: 'trap-1',
        runId: 'mixed',
        cropId: 'c0',
        reason: 'a person in the picture',
        by: 'first-admin',
        at: expect.any(String),
      },
    ]);
    for (const path of ['c0', 'c0/thumbnail'])
      expect(await problemOf(`${RUNS}/mixed/crops/${path}`)).toEqual(DELETED);
    expect(existsSync(join(station.dataDir, 'thumbnails', 'trap-1', 'mixed', 'c0.128.jpg'))).toBe(false);
    await eventually(async () => !isOnDisk(person));
    expect(isOnDisk(bee)).toBe(true);
    await eventually(async () => (await findRun(station, 'trap-1', 'mixed')).observation?.label === 'green');
    const run = await station.json<{ storedCrops: number; status: string; crops: { cropId: string }[] }>(
      `${RUNS}/mixed`,
    );
    expect(run).toMatchObject({ storedCrops: 1, status: 'complete' });
    expect(run.crops.map(({ cropId }) => cropId)).toEqual(['c1']);
    const zip = Buffer.from(await (await station.get(`${RUNS}/mixed/images.zip`)).arrayBuffer());
    expect([zip.includes('c0.jpg'), zip.includes('c1.jpg')]).toEqual([false, true]);
  });

  it('is refused when it comes again, whatever its bytes are, and none of them are kept', async () => {
    for (const bytes of [person, await crop('blue', 43)]) {
      await trap.crop('mixed', 'c0', bytes);
      const put = await station.get('/api/v1/traps/trap-1/runs/mixed/crops/c0', {
        method: 'PUT',
        body: new Uint8Array(bytes),
      });
      expect([put.status, ((await put.json()) as { type: string }).type]).toEqual(DELETED);
    }
    const { items } = await station.json<{ items: { code: string; cropId: string; id: string }[] }>(
      '/api/v1/dead-letters',
    );
    expect(items.map(({ code, cropId }) => [code, cropId])).toContainEqual(['deleted', 'c0']);
    await eventually(async () => !isOnDisk(person));
    expect(await problemOf(`${RUNS}/mixed/crops/c0`)).toEqual(DELETED);
  });

  it('is accounted for in the receipt, so that the trap need not send it for ever', async () => {
    const answer = await station.get('/api/v1/traps/trap-1/runs/mixed/receipt');
    expect(await answer.json()).toMatchObject({
      state: 'complete',
      have: 1,
      rejected: [{ crop: 'c0', code: 'deleted' }],
    });
  });
});

describe('a run that is deleted for good', () => {
  it('leaves lists, counts, downloads and the disk, and is not taken again', async () => {
    const picture = await crop('blue', 51);
    await trap.crop('gone', 'c0', picture);
    await trap.end('gone', { crops: 1 });
    await eventually(async () => (await findRun(station, 'trap-1', 'gone')).observation?.label === 'blue');
    const visits = async () =>
      (await station.json<{ totals: { visits: number } }>('/api/v1/stats/counts?by=label')).totals.visits;
    const before = await visits();
    expect((await remove('gone')).status).toBe(200);
    expect(await visits()).toBe(before - 1);
    for (const path of ['gone', 'gone/crops/c0', 'gone/images.zip'])
      expect(await problemOf(`${RUNS}/${path}`)).toEqual(DELETED);
    expect((await remove('gone')).status).toBe(410);
    expect((await remove('never')).status).toBe(404);
    for (const path of ['runs.csv', 'crops.csv', 'runs.ndjson'])
      expect(await (await station.get(`/api/v1/downloads/${path}`)).text()).not.toContain('gone');
    await eventually(async () => !isOnDisk(picture));

    await trap.crop('gone', 'c1', picture);
    await trap.meta('gone', { start: '2026-06-01T10:00:00Z' });
    await trap.end('gone', { crops: 1 });
    const { items } = await station.json<{ items: { code: string; runId: string }[] }>(
      '/api/v1/dead-letters',
    );
    expect(items.filter(({ runId }) => runId === 'gone').map(({ code }) => code)).toEqual([
      'deleted',
      'deleted',
      'deleted',
    ]);
    expect((await allRuns(station)).map(({ runId }) => runId)).not.toContain('gone');
    await eventually(async () => !isOnDisk(picture));
  });

  it('is named with the reason, for administrators, also after a restart', async () => {
    await station.stop();
    await station.start();
    const { items } = await station.json<{ items: object[] }>('/api/v1/deletions');
    expect(items).toMatchObject([
      { runId: 'gone', reason: 'a person in the picture', by: 'first-admin' },
      { runId: 'mixed', cropId: 'c0' },
    ]);
    expect(await problemOf(`${RUNS}/gone`)).toEqual(DELETED);
  });
});

const engines = await testEngines();
afterAll(async () => {
  for (const engine of engines) await engine.stop();
});

for (const engine of engines) {
  const missing = engine.missing ? ` (skipped: ${engine.missing})` : '';
  (missing ? describe.skip : describe)(
    `what is deleted while it is under way, on ${engine.name}${missing}`,
    () => {
      const RUN_COUNT = 12;
      const CROP_COUNT = 12;
      let busy: Station;
      let sender: Trap;
      beforeAll(async () => {
        const { databaseUrl } = await engine.place();
        busy = await Station.start({ TRAPLINE_MODEL: await colourModel(), DATABASE_URL: databaseUrl });
        sender = await Trap.connect('trap-1', busy.trapPassword, busy.mqttPort);
      });
      afterAll(async () => {
        await sender?.close();
        await busy?.remove();
      });

      const deleted = async (path: string) => {
        const answer = await busy.get(`${RUNS}/${path}?reason=test`, { method: 'DELETE' });
        return answer.status === 200;
      };
      it('a run is not brought back by its crops, its end or the classifier', async () => {
        const runs = Array.from({ length: RUN_COUNT }, (_, i) => `race-${i}`);
        await Promise.all(
          runs.map(async (run, i) => {
            await sender.crop(run, 'c0', await crop('red', i));
            const sent = Array.from({ length: CROP_COUNT }, async (_, at) =>
              sender.crop(run, `c${at + 1}`, await crop('green', 100 * i + at)),
            );
            const end = sender.end(run, { crops: CROP_COUNT + 1 });
            await eventually(() => deleted(run));
            await Promise.all([...sent, end]);
          }),
        );
        // By then the classifier has answered for what it had, and a quiet run has been looked at.
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        expect((await allRuns(busy)).map(({ runId }) => runId)).toEqual([]);
        for (const run of runs) expect((await busy.get(`${RUNS}/${run}`)).status).toBe(410);
      }, 120_000);

      it('a picture that the classifier has just then does not vote', async () => {
        const runs = Array.from({ length: RUN_COUNT }, (_, i) => `vote-${i}`);
        for (const [i, run] of runs.entries()) {
          await Promise.all([
            sender.crop(run, 'c0', await crop('red', 1_000 + i)),
            sender.crop(run, 'c1', await crop('red', 2_000 + i)),
            sender.crop(run, 'c2', await crop('green', 3_000 + i)),
          ]);
          await sender.end(run, { crops: 3 });
          await Promise.all(['c0', 'c1'].map((id) => eventually(() => deleted(`${run}/crops/${id}`))));
        }
        for (const run of runs)
          await eventually(async () => {
            const found = await findRun(busy, 'trap-1', run);
            return found.storedCrops === 1 && found.observation?.final && found.observation.label === 'green';
          });
        for (const run of runs)
          expect(await busy.json(`${RUNS}/${run}`)).toMatchObject({
            storedCrops: 1,
            observation: { label: 'green', crops: 1 },
          });
      }, 120_000);
    },
  );
}

const influxd = influxdOrReason();
(influxd.path ? describe : describe.skip)(`deletion with InfluxDB${influxd.reason}`, () => {
  let influx: TestInflux;
  let watched: Station;
  let sender: Trap;
  beforeAll(async () => {
    influx = await TestInflux.start(influxd.path as string);
    watched = await Station.start({ TRAPLINE_MODEL: await colourModel(), ...influx.environment });
    sender = await Trap.connect('trap-1', watched.trapPassword, watched.mqttPort);
  }, 120_000);
  afterAll(async () => {
    await sender?.close();
    await watched?.remove();
    await influx?.remove();
  });

  const labelsOf = async (run: string) => {
    const [series] = await influx.query(`SELECT label, probability FROM insect_run WHERE run_id = '${run}'`);
    return (series?.values ?? []).map(([, label]) => label);
  };
  const send = async (run: string, colours: readonly ('red' | 'green')[]) => {
    await sender.meta(run, { start: '2026-06-01T10:00:00Z' });
    for (const [i, colour] of colours.entries()) await sender.crop(run, `c${i}`, await crop(colour, i));
    await sender.end(run, { crops: colours.length });
    await eventually(async () => (await labelsOf(run)).length === 1);
  };
  const forget = async (path: string) =>
    expect((await watched.get(`${RUNS}/${path}?reason=test`, { method: 'DELETE' })).status).toBe(200);

  it('a run takes its point along, and no other', async () => {
    await send('kept', ['red']);
    await send('gone', ['red']);
    await forget('gone');
    await eventually(async () => (await labelsOf('gone')).length === 0);
    expect(await labelsOf('kept')).toEqual(['red']);
  }, 60_000);

  it('a run that is decided without a picture has one point, under its new label', async () => {
    await send('changed', ['red', 'red', 'green']);
    expect(await labelsOf('changed')).toEqual(['red']);
    await forget('changed/crops/c0');
    await forget('changed/crops/c1');
    await eventually(async () => (await labelsOf('changed')).join() === 'green');
  }, 60_000);

  it('a run that has lost its only picture has no point any more', async () => {
    await send('emptied', ['green']);
    await forget('emptied/crops/c0');
    await eventually(async () => (await labelsOf('emptied')).length === 0);
  }, 60_000);
});
