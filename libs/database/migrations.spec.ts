import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { rereadTimes } from '../../features/clock/index.js';
import { findRun } from '../../features/runs/index.js';
import { emptyRun } from '../../features/runs/runs.repository.js';
import { setTrap } from '../../features/traps/trap-edit.js';
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

  it('keeps the zone that editors or traps have said, and what was read by it, until one is said again', async () => {
    const place = await engine.place();
    const info = JSON.stringify({ timeZone: 'Europe/Berlin' });
    await withCatalog(place, async ({ db }) => {
      const traps = [
        { trap_id: 'edited', info, time_zone: 'America/Lima', set_by_editor: '["time_zone"]' },
        { trap_id: 'said', info, time_zone: 'Asia/Tokyo' },
        { trap_id: 'silent', info: '{}' },
      ];
      await db
        .insertInto('traps')
        .values(traps.map((trap) => ({ ...trap, first_seen_at: 1 })))
        .execute();
      const sent = { start_sent: '2026-06-01T10:00:00', start_ms: 5, start_offset_min: 0, at_ms: 5 };
      await db
        .insertInto('runs')
        .values({ ...emptyRun({ trapId: 'said', runId: 'r1' }, 1), ...sent })
        .execute();
      await sql`drop index runs_read_in_zone`.execute(db);
      await sql`alter table runs drop column zone_revision`.execute(db);
      await sql`alter table traps drop column own_zone`.execute(db);
      await sql`delete from kysely_migration where name >= '0010'`.execute(db);
    });
    await withCatalog(place, async (catalog) => {
      const { db } = catalog;
      const traps = await db.selectFrom('traps').select(['trap_id', 'own_zone']).orderBy('trap_id').execute();
      expect(traps.map((trap) => trap.own_zone)).toEqual(['America/Lima', 'Europe/Berlin', null]);
      const startMs = async () => {
        while (await rereadTimes(catalog, 'UTC', false));
        return (await findRun(db, { trapId: 'said', runId: 'r1' }))?.start_ms;
      };
      expect(await startMs()).toBe(5);
      await db.transaction().execute((tx) => setTrap(tx, 'said', { timeZone: 'Europe/Berlin' }, 2));
      expect(await startMs()).toBe(Date.UTC(2026, 5, 1, 8));
    });
  });
});
