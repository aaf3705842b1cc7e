import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { onEachEngine, testEngines, withCatalog } from '../../test/fixtures/catalog-engines.js';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';

const engines = await testEngines();

onEachEngine(engines, 'a catalog of an earlier version', (engine) => {
  it('has the verdict of every run after a start that was killed half-way through', async () => {
    const place = await engine.place();
    await withCatalog(place, async (catalog) => {
      const runs = Array.from({ length: 30 }, (_, i) => ({ trapId: 't1', runId: `r${i}`, atMs: i }));
      await seedRuns(
        catalog,
        runs.map((run) => ({ ...run, taxon: 'Apis mellifera' })),
      );
      await catalog.db.updateTable('runs').set({ taxon: null, probability: null }).execute();
      await sql`drop index runs_of_taxon`.execute(catalog.db);
      await sql`alter table runs drop column rank`.execute(catalog.db);
      await sql`delete from kysely_migration where name >= '0003'`.execute(catalog.db);
    });
    await withCatalog(place, async ({ reader }) => {
      const verdicts = await reader
        .selectFrom('runs')
        .select(['taxon', 'probability', sql<number>`count(*)`.as('runs')])
        .groupBy(['taxon', 'probability'])
        .execute();
      expect(verdicts.map((row) => ({ ...row, runs: Number(row.runs) }))).toEqual([
        { taxon: 'Apis mellifera', probability: 0.9, runs: 30 },
      ]);
    });
  });
});
