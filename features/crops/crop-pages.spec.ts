import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { trapsOf } from '../downloads/tables/run-context.js';
import { saveClassifications } from '../observations/index.js';
import { listRuns, lockRun, putManifest } from '../runs/index.js';
import { sessionsOfRuns } from '../sessions/index.js';
import { cropsForArchive, cropsForTable, pagesOfCrops } from './crop-pages.js';
import { storeCrops } from './store-crops.repository.js';

const engines = await testEngines();

onEachEngine(engines, 'crops of many runs', (engine) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
  });
  afterEach(() => catalog.close());

  const store = (trapId: string, runId: string, count: number) =>
    catalog.db.transaction().execute((tx) =>
      storeCrops(
        tx,
        Array.from({ length: count }, (_, i) => newCrop(`c${String(i).padStart(3, '0')}`, { trapId, runId })),
        1,
      ),
    );
  const runs = () => listRuns(catalog.reader, {}, 100);
  async function pages(size: number) {
    const seen: string[][] = [];
    for await (const page of pagesOfCrops(catalog.reader, await runs(), size, cropsForArchive))
      seen.push(page.flatMap(({ run, crops }) => crops.map((crop) => `${run.runId}/${crop.crop_id}`)));
    return seen;
  }

  it('come in pages, each crop once, in the order of the runs', async () => {
    for (const [runId, count] of [
      ['r1', 3],
      ['R2', 2],
      ['r3', 25],
      ['r4', 1],
    ] as const)
      await store('t', runId, count);
    const order = (await runs()).map((run) => run.runId);
    const expected = order.flatMap((runId) => {
      const count = { r1: 3, R2: 2, r3: 25, r4: 1 }[runId] ?? 0;
      return Array.from({ length: count }, (_, i) => `${runId}/c${String(i).padStart(3, '0')}`);
    });
    for (const size of [1, 2, 5, 10, 1000]) {
      const seen = await pages(size);
      expect(seen.flat()).toEqual(expected);
      expect(Math.max(...seen.map((page) => page.length))).toBeLessThanOrEqual(size);
    }
  });

  it('are none of runs that have none', async () => {
    await lockRun(catalog.db, { trapId: 't', runId: 'empty' }, 1);
    expect(await pages(10)).toEqual([]);
  });

  it('say what the model said whose observation counts, and what the detector said', async () => {
    const crop = { trapId: 't', runId: 'r', cropId: 'c000' };
    await store('t', 'r', 2);
    await catalog.db.transaction().execute(async (tx) => {
      const said = (label: string) => [{ ...crop, ranked: [{ label, probability: 0.5 }] }];
      await saveClassifications(tx, 'old', said('bee'), 1);
      await saveClassifications(tx, 'new', said('fly'), 2);
      await updateRun(tx, crop, { model: 'new' });
      await putManifest(tx, crop, [{ ...crop, atMs: 7, confidence: 0.5, entry: { trackStatus: 'NEW' } }]);
    });
    const [first, second] = await cropsForTable(catalog.reader, [crop], 10, undefined);
    expect(first).toMatchObject({ crop_id: 'c000', label: 'fly', at_ms: 7, confidence: 0.5 });
    expect(JSON.parse(first?.entry ?? '')).toEqual({ trackStatus: 'NEW' });
    expect(second).toMatchObject({ crop_id: 'c001', label: null, at_ms: null, entry: null });
    expect(await cropsForArchive(catalog.reader, [crop], 10, 'c000')).toHaveLength(1);
  });

  it('belong to traps and sessions that can be looked up together', async () => {
    await store('t', 'r', 1);
    await store('u', 'r', 1);
    await catalog.db
      .insertInto('sessions')
      .values({
        trap_id: 't',
        session_id: 's',
        start_ms: 1,
        end_ms: 2,
        offset_min: 0,
        minutes: 5,
        clock_suspect: 0,
        payload: '{}',
        received_at: 1,
      })
      .execute();
    const rows = [
      { trapId: 't', sessionId: 's' },
      { trapId: 't', sessionId: 's' },
      { trapId: 'u', sessionId: 's' },
      { trapId: 'u', sessionId: null },
    ];
    expect(await sessionsOfRuns(catalog.reader, rows)).toMatchObject([
      { trapId: 't', sessionId: 's', startMs: 1, endMs: 2, reportedMinutes: 5, payload: {} },
    ]);
    expect(await sessionsOfRuns(catalog.reader, [])).toEqual([]);
    expect(await trapsOf(catalog.reader, ['nobody'])).toEqual([]);
  });
});
