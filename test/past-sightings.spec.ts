import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { Catalog } from '../libs/database/index.js';
import { eventually } from './fixtures/eventually.js';
import { seedRuns } from './fixtures/seeded-runs.js';
import { Station } from './fixtures/station.js';

const TRAPS = ['meadow-1', 'meadow-2'];
const SPECIES = Array.from(
  { length: 24 },
  (_, n) => `Nomada species${String.fromCharCode(97 + n / 8, 97 + (n % 8))}`,
);
const DAY_MS = 86_400_000;
const SINCE_MS = Date.UTC(2026, 4, 1);

interface First {
  readonly id: string;
  readonly trapId: string;
  readonly taxon: string;
  readonly kind: string;
  readonly runId: string;
  readonly announced: boolean;
}

let station: Station;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: 'none' });
  await station.stop();
  await inCatalog(async (catalog) => {
    // Each species on three days in a row, by no means in the order of its runs' ids, and once in the next year.
    await seedRuns(
      catalog,
      TRAPS.flatMap((trapId) =>
        SPECIES.flatMap((taxon, n) =>
          [3, 1, 2, 366].map((day) => ({
            trapId,
            runId: `${n}-${String.fromCharCode(97 + (day % 7))}${day}`,
            atMs: SINCE_MS + day * DAY_MS + n * 1000,
            label: taxon,
            taxon,
          })),
        ),
      ),
      false,
    );
    await catalog.db.updateTable('runs').set({ stored_crops: 3, rank: 'species' }).execute();
    await catalog.db
      .updateTable('runs')
      .set({ unsure: 1 })
      .where('at_ms', '<', SINCE_MS + 2 * DAY_MS)
      .execute();
    // As a catalog is that was filled before first sightings were kept.
    await catalog.db.deleteFrom('catalog_state').where('name', '=', 'past-sightings').execute();
  });
});
afterAll(() => station.remove());

async function inCatalog<T>(work: (catalog: Catalog) => Promise<T>): Promise<T> {
  const catalog = await Catalog.open({ dataDir: station.dataDir });
  try {
    return await work(catalog);
  } finally {
    await catalog.close();
  }
}

async function firsts(): Promise<First[]> {
  const all: First[] = [];
  let after = '';
  for (;;) {
    const page = await station.json<{ items: First[]; next?: string | null }>(
      `/api/v1/activity/first-sightings?limit=100${after}`,
    );
    all.push(...page.items);
    if (!page.next) return all;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

describe('first sightings of a catalog with runs from before they were kept', () => {
  it('are found in the background, over a kill, and announced nowhere', async () => {
    // Of each trap every species, in two seasons. Their genus is known with them, and is no sighting of its own.
    const expected = TRAPS.length * SPECIES.length * 2;
    await station.start();
    const alerts: unknown[] = [];
    const listen = async () => {
      const reader = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
        username: 'first-admin',
        password: station.adminKey,
      });
      reader.on('message', (topic) => alerts.push(topic));
      await reader.subscribeAsync('alerts/v1/first-sighting', { qos: 1 });
      return reader;
    };
    let reader = await listen();
    const some = await eventually(async () => {
      const { length } = await firsts();
      return length > 0 && length;
    });
    await reader.endAsync(true);
    await station.kill();
    process.stdout.write(`killed with ${some} of ${expected} first sightings\n`);
    await station.start();
    reader = await listen();
    await eventually(async () => (await firsts()).length >= expected, 60_000);
    const found = await firsts();
    expect(found).toHaveLength(expected);
    expect(new Set(found.map(({ id }) => id)).size).toBe(expected);
    expect(found.filter(({ announced }) => announced)).toEqual([]);
    // The first day's runs were unsure.
    const ever = found.filter(({ kind, taxon }) => kind === 'ever' && taxon.includes(' '));
    expect(ever).toHaveLength(TRAPS.length * SPECIES.length);
    for (const { runId } of ever) expect(runId).toMatch(/-c2$/);
    await eventually(() =>
      inCatalog(async ({ db }) => {
        const state = await db
          .selectFrom('catalog_state')
          .select('value')
          .where('name', '=', 'past-sightings')
          .executeTakeFirst();
        const waiting = await db.selectFrom('outbox').select('topic').execute();
        const events = await db.selectFrom('trap_events').select('item').execute();
        expect([waiting, events]).toEqual([[], []]);
        return state?.value.includes('endedAtMs');
      }),
    );
    expect(alerts).toEqual([]);
    await reader.endAsync(true);
  }, 120_000);
});
