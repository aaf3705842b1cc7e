import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { hashSecret } from '../../features/accounts/accounts.repository.js';
import { putAccount, removeAccount } from '../../features/accounts/index.js';
import { putDeadLetter } from '../../features/dead-letters/index.js';
import { onEachEngine, testEngines, withCatalog } from '../../test/fixtures/catalog-engines.js';
import { putPictures } from '../../test/fixtures/pictured-runs.js';
import { Catalog } from './catalog.js';
import { putState } from './catalog-state.js';
import { fillPostgres, takeSnapshot } from './snapshot.js';

const engines = await testEngines();
const root = mkdtempSync(join(tmpdir(), 'trapline-snapshot-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const nextFolder = () => {
  folders += 1;
  return join(root, `copy-${folders}`);
};

const NOW = Date.UTC(2026, 5, 1, 0, 0, 0, 123);
const TABLES = ['runs', 'crops', 'classifications', 'dead_letters', 'catalog_state', 'accounts'] as const;

async function fill(catalog: Catalog, dataDir: string): Promise<void> {
  const runs = Array.from({ length: 60 }, (_, i) => ({
    trapId: `t${i % 7}`,
    runId: `r${i}`,
    atMs: NOW + i,
    crops: 10,
  }));
  await putPictures(catalog, dataDir, runs);
  const bytes = Buffer.from([0, 255, 10, 13, 0]);
  await putDeadLetter(
    catalog.db,
    { topic: 'täst/…', code: 'bad-topic', message: 'x', bytes, keepBytes: 99 },
    NOW,
  );
  await putState(catalog.db, 'identity', { id: 'me', settled: true });
  await putAccount(catalog.db, { kind: 'key', name: 'anna', role: 'admin', secret: 's' }, NOW);
}

/** Everything, in one order, with bytes as text. */
async function all({ db }: Pick<Catalog, 'db'>): Promise<Record<string, unknown[]>> {
  const tables = await Promise.all(
    TABLES.map(async (table) => {
      const { rows } = await sql<object>`select * from ${sql.table(table)}`.execute(db);
      const texts = rows.map((row) =>
        JSON.stringify(
          Object.entries(row)
            .map(([name, value]) => [
              name,
              value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
            ])
            .sort(),
        ),
      );
      return [table, texts.sort()] as const;
    }),
  );
  return Object.fromEntries(tables);
}

onEachEngine(engines, 'a snapshot of the catalog', (engine) => {
  it('is the catalog as it is, in a file of its own', async () => {
    const place = await engine.place();
    await withCatalog(place, async (catalog) => {
      await fill(catalog, place.dataDir);
      const folder = nextFolder();
      await takeSnapshot(place, folder);
      const copy = await withCatalog({ dataDir: folder }, all);
      expect(copy).toEqual(await all(catalog));
      expect(copy['crops']).toHaveLength(600);
      await expect(takeSnapshot(place, folder)).rejects.toThrow('has a catalog already');
    });
  }, 120_000);

  it('shows one moment, however much is written meanwhile', async () => {
    const place = await engine.place();
    await withCatalog(place, async (catalog) => {
      await fill(catalog, place.dataDir);
      const writing = withCatalog(place, (other) =>
        other.db.transaction().execute(async (tx) => {
          await tx.updateTable('runs').set({ label: 'bee' }).execute();
          await tx.updateTable('crops').set({ received_at: 1 }).execute();
        }),
      );
      const folder = nextFolder();
      await Promise.all([takeSnapshot(place, folder), writing]);
      await withCatalog({ dataDir: folder }, async ({ db }) => {
        const runs = await db.selectFrom('runs').select('label').distinct().execute();
        const crops = await db.selectFrom('crops').select('received_at').execute();
        expect(runs).toHaveLength(1);
        expect(crops.some(({ received_at }) => received_at === 1)).toBe(runs[0]?.label === 'bee');
      });
    });
  }, 120_000);
});

const postgres = (await testEngines()).find(({ name }) => name === 'postgres');
afterAll(() => postgres?.stop());

(postgres?.missing ? it.skip : it)(
  'a snapshot fills an empty PostgreSQL, and no other',
  async () => {
    const from = { dataDir: nextFolder() };
    const to = await postgres?.place();
    const before = await withCatalog({ dataDir: nextFolder() }, async (catalog) => {
      await fill(catalog, from.dataDir);
      await takeSnapshot({ dataDir: join(root, `copy-${folders}`) }, from.dataDir);
      return all(catalog);
    });
    await fillPostgres(from.dataDir, to?.databaseUrl as string);
    expect(await withCatalog(to as { dataDir: string }, all)).toEqual(before);
    await expect(fillPostgres(from.dataDir, to?.databaseUrl as string)).rejects.toThrow('is not empty');
  },
  60_000,
);

it('a snapshot holds nothing of accounts that are gone', async () => {
  const place = { dataDir: nextFolder() };
  const catalog = await Catalog.open(place);
  const account = { kind: 'key', name: 'gone', role: 'admin', secret: 'a secret' } as const;
  await putAccount(catalog.db, account, NOW);
  await removeAccount(catalog.db, 'key', 'gone');
  const folder = nextFolder();
  await takeSnapshot(place, folder);
  await catalog.close();
  expect(readFileSync(join(folder, 'catalog.sqlite')).includes(hashSecret('a secret'))).toBe(false);
});
