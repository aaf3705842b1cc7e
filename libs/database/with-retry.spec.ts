import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { lockRun } from '../../features/runs/index.js';
import { onEachEngine, testEngines, withCatalog } from '../../test/fixtures/catalog-engines.js';
import { eventually } from '../../test/fixtures/eventually.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { withRetry } from './with-retry.js';

const RUNS = [1, 2].map((n) => ({ trapId: 't1', runId: `r${n}` }));
const [ONE, TWO] = RUNS as [{ trapId: string; runId: string }, { trapId: string; runId: string }];
const seeded = RUNS.map((run) => ({ ...run, atMs: 1 }));

onEachEngine(await testEngines(), 'a transaction in turn', (engine) => {
  it('is done although another process holds the database longer than anybody is patient', async () => {
    const place = await engine.place();
    const impatient = { ...place, patienceMs: 10 };
    await withCatalog(impatient, async (catalog) => {
      await seedRuns(catalog, seeded);
      await withCatalog(place, async (other) => {
        let holds = () => {};
        const held = new Promise<void>((resolve) => {
          holds = resolve;
        });
        const first = other.db.transaction().execute(async (tx) => {
          await lockRun(tx, ONE, 1);
          holds();
          await setTimeout(90);
          await updateRun(tx, ONE, { label: 'first' });
        });
        await held;
        await withRetry(catalog.db, (tx) => updateRun(tx, ONE, { label: 'second' }));
        await first;
      });
      expect(await labelOf(catalog.reader)).toBe('second');
    });
  });

  it('is done although each of two holds what the other needs', async () => {
    await withCatalog(await engine.place(), async (catalog) => {
      await seedRuns(catalog, seeded);
      let times = 0;
      let holders = 0;
      // SQLite has one writer: there the second waits for the first as soon as it begins.
      const canBothHold = engine.name === 'postgres';
      const crosswise = (mine: typeof ONE, theirs: typeof ONE) =>
        withRetry(catalog.db, async (tx) => {
          times += 1;
          await lockRun(tx, mine, 1);
          holders += 1;
          if (canBothHold) await eventually(() => holders >= 2);
          await updateRun(tx, theirs, { label: mine.runId });
        });
      await Promise.all([crosswise(ONE, TWO), crosswise(TWO, ONE)]);
      expect(await labelOf(catalog.reader)).toBe('r2');
      expect(times).toBe(canBothHold ? 3 : 2);
    });
  });

  it('fails at once for what another try cannot mend', async () => {
    await withCatalog(await engine.place(), async (catalog) => {
      let times = 0;
      const failing = withRetry(catalog.db, async () => {
        times += 1;
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(times).toBe(1);
    });
  });
});

async function labelOf(db: Parameters<typeof updateRun>[0]): Promise<string | null | undefined> {
  const row = await db.selectFrom('runs').select('label').where('run_id', '=', ONE.runId).executeTakeFirst();
  return row?.label;
}
