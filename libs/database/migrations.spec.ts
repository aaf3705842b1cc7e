import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { onEachEngine, testEngines, withCatalog } from '../../test/fixtures/catalog-engines.js';
import { Catalog } from './catalog.js';
import { openReadOnly } from './open-read-only.js';

const engines = await testEngines();

onEachEngine(engines, 'the tables of a catalog', (engine) => {
  it('are complete after a start that was killed half-way through', async () => {
    const place = await engine.place();
    await withCatalog(place, async ({ db }) => {
      await sql`drop table runs`.execute(db);
      await sql`drop index points_oldest`.execute(db);
      await sql`delete from kysely_migration`.execute(db);
    });
    await withCatalog(place, async ({ db, reader }) => {
      expect(await reader.selectFrom('runs').selectAll().execute()).toEqual([]);
      await sql`drop index points_oldest`.execute(db);
    });
  });

  it('are made once when several processes start at the same time', async () => {
    const place = await engine.place();
    const catalogs = await Promise.all(Array.from({ length: 4 }, () => Catalog.open(place)));
    const { rows } = await sql`select name from kysely_migration`.execute((catalogs[0] as Catalog).db);
    expect(rows).toHaveLength(1);
    for (const catalog of catalogs) await catalog.close();
  });

  it('are left alone when another version made them', async () => {
    const place = await engine.place();
    await withCatalog(place, async ({ db }) => {
      await sql`update kysely_migration set name = '0001-first'`.execute(db);
      await sql`drop index points_oldest`.execute(db);
    });
    await expect(Catalog.open(place)).rejects.toMatchObject({
      code: 'catalog-version',
      message: expect.stringMatching(/another version of Trapline \(migrations 0001-first\).*empty folder/),
    });
    const look = await openReadOnly(place);
    try {
      expect(look.tables).toEqual({ missing: ['0001-tables'], unknown: ['0001-first'] });
    } finally {
      await look.close();
    }
  });
});
