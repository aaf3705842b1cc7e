import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pagesOfRuns } from '../../features/runs/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { Catalog } from './catalog.js';

const engines = await testEngines();

onEachEngine(engines, 'a long reading of the catalog', (engine) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
  });
  afterEach(() => catalog.close());

  it('sees each run once and as it was, though runs are moved and added meanwhile, and holds up nobody', async () => {
    const runs = Array.from({ length: 6 }, (_, i) => ({ trapId: 't1', runId: `r${i}`, atMs: 100 + i }));
    await seedRuns(catalog, runs);
    const seen: string[] = [];
    await catalog.atOneMoment(async (db) => {
      for await (const page of pagesOfRuns(db, {}, 2)) {
        seen.push(...page.map((run) => `${run.runId} at ${run.placeMs}`));
        await updateRun(catalog.db, { trapId: 't1', runId: 'r5' }, { at_ms: 1 });
        await seedRuns(catalog, [{ trapId: 't1', runId: `new-${seen.length}`, atMs: 2 }]);
        const now = await catalog.reader.selectFrom('runs').selectAll().where('at_ms', '=', 1).execute();
        expect(now).toHaveLength(1);
      }
    });
    expect(seen).toEqual(runs.map(({ runId, atMs }) => `${runId} at ${atMs}`).reverse());
  });
});
