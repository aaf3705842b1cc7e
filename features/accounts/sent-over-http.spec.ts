import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import type { ObservedRun } from '../../libs/domain/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { storeCrops } from '../crops/index.js';
import { DeadLettersRepository } from '../dead-letters/dead-letters.repository.js';
import { putDeadLetter } from '../dead-letters/index.js';
import { findRun, lockRun, pagesOfRuns, putManifest, receiptOfRun } from '../runs/index.js';

const engines = await testEngines();

onEachEngine(engines, 'what is kept of those who send over HTTP', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await Catalog.open(await engine.place());
  });
  afterAll(() => catalog.close());

  it('lists runs oldest first, none lost and none twice, also where many came at the same moment', async () => {
    const ids = Array.from({ length: 23 }, (_, i) => `r${String(i).padStart(2, '0')}`);
    for (const [i, runId] of ids.entries()) {
      await lockRun(catalog.db, { trapId: i % 3 ? 'a' : 'b', runId }, 1);
      await updateRun(catalog.db, { trapId: i % 3 ? 'a' : 'b', runId }, { at_ms: 1000 + Math.floor(i / 6) });
    }
    const read = async (filter: Parameters<typeof pagesOfRuns>[1], size: number) => {
      const rows = [];
      for await (const page of pagesOfRuns(catalog.reader, filter, size, { oldestFirst: true }))
        rows.push(...page);
      return rows;
    };
    const all = await read({}, 4);
    expect(all.map(({ runId }) => runId).sort()).toEqual(ids);
    expect(all.map(({ placeMs }) => placeMs)).toEqual(all.map(({ placeMs }) => placeMs).sort());
    expect((await read({ trapIds: ['b'] }, 3)).length).toBe(8);
    expect(await read({ trapIds: ['nobody'] }, 3)).toEqual([]);
  });

  it('answers an end by what is stored at this moment', async () => {
    const run = { trapId: 't1', runId: 'r1' };
    await catalog.db.transaction().execute(async (tx) => {
      await storeCrops(tx, [newCrop('c1')], 5000);
      await putManifest(
        tx,
        run,
        ['c1', 'c2'].map((cropId) => ({ ...run, cropId, entry: {} })),
      );
      await updateRun(tx, run, { announced_crops: 2, end_received_at: 5000 });
    });
    const receipt = async () => receiptOfRun(catalog.db, (await findRun(catalog.db, run)) as ObservedRun);
    expect(await receipt()).toEqual({ state: 'incomplete', have: 1, missing: ['c2'], rejected: [] });
    await catalog.db.transaction().execute((tx) => storeCrops(tx, [newCrop('c2')], 5000));
    expect(await receipt()).toEqual({ state: 'complete', have: 2, missing: [], rejected: [] });
  });

  it('changes the reason of a dead letter, and removes it with its bytes', async () => {
    const bytes = Buffer.from('beginning');
    const letter = { topic: 'traps/v1/t1/telemetry', code: 'too-large', message: 'is too large', bytes };
    await putDeadLetter(catalog.db, { ...letter, size: 5_000_000, keepBytes: 4 }, 7);
    const letters = new DeadLettersRepository(catalog);
    const [{ id = '' } = {}] = await letters.list(1);
    expect(await letters.find(id)).toMatchObject({ size: 5_000_000, code: 'too-large' });
    expect((await letters.find(id))?.bytes).toEqual(Buffer.from('begi'));
    await letters.change(id, { code: 'bad-json', field: 'a\0b', message: 'is no JSON' });
    expect(await letters.find(id)).toMatchObject({ code: 'bad-json', times: 1, lastAtMs: 7 });
    expect(await letters.remove(id)).toBe(true);
    expect(await letters.remove(id)).toBe(false);
  });
});
