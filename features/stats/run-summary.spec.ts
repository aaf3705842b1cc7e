import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putPictures } from '../../test/fixtures/pictured-runs.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';

const JUNE_1 = Date.UTC(2026, 5, 1, 8);

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await putPictures(api.catalog, api.dataDir, [
    { trapId: 'a', runId: 'r1', atMs: JUNE_1, label: 'bee', crops: 3 },
    { trapId: 'a', runId: 'r2', atMs: JUNE_1 + 1000, label: 'fly', crops: 2 },
    { trapId: 'b', runId: 'r3', atMs: JUNE_1 + 2000, label: 'fly', crops: 1 },
  ]);
});
afterAll(() => api.close());

const summary = (query = '') => api.json(`/api/v1/runs/summary${query}`);

describe('the summary of a filter', () => {
  it('says how much it finds', async () => {
    expect(await summary()).toMatchObject({
      runs: 3,
      crops: 6,
      pictures: 6,
      bytes: 6000,
      effortMinutes: null,
    });
    expect(await summary('?trap=a')).toMatchObject({ runs: 2, pictures: 5, bytes: 5000 });
    expect(await summary('?label=nothing')).toMatchObject({
      runs: 0,
      crops: 0,
      pictures: 0,
      bytes: 0,
      kinds: 0,
    });
  });

  it('leaves out pictures that were removed', async () => {
    const { db } = api.catalog;
    await db.updateTable('runs').set({ removed_at: 5 }).where('run_id', '=', 'r1').execute();
    await db
      .updateTable('crops')
      .set({ removed_at: 5 })
      .where('run_id', '=', 'r1')
      .where('crop_id', '<>', 'c0')
      .execute();
    expect(await summary('?trap=a')).toMatchObject({ runs: 2, crops: 5, pictures: 3, bytes: 3000 });
  });

  it('refuses what it does not know', async () => {
    expect((await api.get('/api/v1/runs/summary?limit=5')).status).toBe(400);
  });
});
