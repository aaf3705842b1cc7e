import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytesOf, fillMeadow, JUNE_1, observeRun, putCrops } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_PUBLIC_URL: 'https://traps.example.org' } });
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

const ids = (page: { items: { trapId: string; runId: string }[] }) =>
  page.items.map(({ trapId, runId }) => `${trapId}/${runId}`);
const list = async (query: string) => api.json(`/api/v1/runs${query}`);

describe('one run', () => {
  it('tells all that is known of it', async () => {
    const run = await api.json('/api/v1/runs/meadow-1/run-1');
    expect(run).toMatchObject({
      trapId: 'meadow-1',
      runId: 'run-1',
      start: '2026-06-01T08:00:00.000Z',
      startOffsetMin: 120,
      durationS: 7,
      clockSuspect: false,
      storedCrops: 2,
      announcedCrops: null,
      bytes: 1400,
      status: 'complete',
      completedBecause: 'all-crops',
      observation: {
        label: 'honeybee',
        taxon: 'Apis mellifera',
        group: 'bees',
        probability: 0.9,
        insect: true,
        crops: 2,
        top1Crops: 2,
        model: 'small-1',
        final: true,
        revision: 1,
      },
      ranking: [{ label: 'honeybee', top1Crops: 2 }],
      links: {
        self: 'https://traps.example.org/api/v1/runs/meadow-1/run-1',
        image: 'https://traps.example.org/api/v1/runs/meadow-1/run-1/crops/0001',
      },
    });
  });

  it('shows its crops in time order, each with its five best labels and its detection', async () => {
    const { crops } = await api.json('/api/v1/runs/meadow-1/run-1');
    expect(crops.map((image: { cropId: string }) => image.cropId)).toEqual(['0001', '0002']);
    expect(crops[0]).toMatchObject({
      mediaType: 'image/jpeg',
      bytes: 700,
      width: 30,
      detection: { at: '2026-06-01T08:00:00.000Z', confidence: 0.7, box: [0.1, 0.2, 0.3, 0.4] },
    });
    expect(crops[0].classification.ranked).toHaveLength(5);
    expect(crops[0].classification.ranked[0]).toEqual({ label: 'honeybee', probability: 0.9 });
    expect(crops[1]).toMatchObject({ detection: null, classification: null });
  });

  it('keeps from viewers what may tell a place', async () => {
    const seen = await (await api.get('/api/v1/runs/meadow-1/run-1')).text();
    expect(seen).not.toContain('47.12');
    const full = await api.json('/api/v1/runs/meadow-1/run-1', { as: 'editor' });
    expect(full.extra).toEqual({ site: '47.12345, 8.54321' });
  });

  it('has no observation before it is classified', async () => {
    await putCrops(api.catalog, api.dataDir, { trapId: 'new-1', runId: 'r' }, ['1'], JUNE_1 - 9_000_000);
    expect(await api.json('/api/v1/runs/new-1/r')).toMatchObject({
      status: 'open',
      observation: null,
      ranking: [],
    });
  });
});

describe('the list of runs', () => {
  it('neither loses nor repeats a run where many came at the same moment', async () => {
    for (let trap = 1; trap <= 3; trap++)
      for (let run = 1; run <= 17; run++) {
        await putCrops(
          api.catalog,
          api.dataDir,
          { trapId: `same-${trap}`, runId: `run-${run}` },
          ['1'],
          JUNE_1 + 1000,
        );
      }
    const seen: string[] = [];
    let page = await list('?limit=7');
    for (;;) {
      seen.push(...ids(page));
      if (!page.next) break;
      expect(page.items).toHaveLength(7);
      page = await list(`?limit=7&after=${page.next}`);
    }
    const rows = await api.catalog.db.selectFrom('runs').selectAll().execute();
    expect(seen).toHaveLength(rows.length);
    expect(new Set(seen)).toEqual(new Set(rows.map((row) => `${row.trap_id}/${row.run_id}`)));
  });

  it('has no next page where the last one is just full', async () => {
    expect(await list('?trap=same-1&limit=17')).not.toHaveProperty('next');
    expect(await list('?trap=same-1&limit=16')).toHaveProperty('next');
  });

  it('is newest first', async () => {
    const { items } = await list('?limit=500');
    const times = items.map((run: { receivedAt: { first: string } }) => run.receivedAt.first);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is narrowed by trap, time, label, insects, certainty and status', async () => {
    await putCrops(
      api.catalog,
      api.dataDir,
      { trapId: 'far-1', runId: 'dirt' },
      ['1', '2'],
      JUNE_1 + 86_400_000,
    );
    await observeRun(api.catalog, { trapId: 'far-1', runId: 'dirt' }, 'none_dirt', false);
    expect(ids(await list('?trap=far-1'))).toEqual(['far-1/dirt']);
    expect(ids(await list('?from=2026-06-02'))).toEqual(['far-1/dirt']);
    expect(ids(await list('?from=2026-06-02T10:00:00%2B02:00&to=2026-06-02T10:00:01+02:00'))).toEqual([
      'far-1/dirt',
    ]);
    expect(ids(await list('?to=2026-06-01T07:59:59Z'))).toEqual(['new-1/r']);
    expect(ids(await list('?label=none_dirt'))).toEqual(['far-1/dirt']);
    expect(ids(await list('?insectsOnly=true'))).toEqual(['meadow-1/run-1']);
    expect(ids(await list('?unsure=true'))).toEqual([]);
    expect(ids(await list('?status=complete'))).toEqual(['far-1/dirt', 'meadow-1/run-1']);
    expect(ids(await list('?taxon=Apis%20mellifera'))).toEqual(['meadow-1/run-1']);
    expect(ids(await list('?taxon=Apidae'))).toEqual([]);
    expect(ids(await list('?group=bees&minProbability=0.9'))).toEqual(['meadow-1/run-1']);
    expect(ids(await list('?group=bees&minProbability=0.91'))).toEqual([]);
    expect(ids(await list('?reviewed=true'))).toEqual([]);
    expect(ids(await list('?reviewed=false&label=honeybee'))).toEqual(['meadow-1/run-1']);
    expect(ids(await list('?model=small-1'))).toEqual(['far-1/dirt', 'meadow-1/run-1']);
    expect(ids(await list('?model=small-1&label=honeybee'))).toEqual(['meadow-1/run-1']);
    expect(ids(await list('?model=small'))).toEqual([]);
  });

  it('names every parameter that is unknown, wrong or given twice', async () => {
    const query =
      '?traps=a&trap=a&trap=b&from=yesterday&to=2026-06-01T08:00&insectsOnly=yes&limit=501&after=x&status=done&label=a%00';
    const answer = await api.get(`/api/v1/runs${query}`);
    const problem = (await answer.json()) as { detail: string; errors: { field: string; message: string }[] };
    expect(answer.status).toBe(400);
    const errors = Object.fromEntries(problem.errors.map((e) => [e.field, e.message]));
    expect(Object.keys(errors).sort()).toEqual([
      'after',
      'from',
      'insectsOnly',
      'label',
      'limit',
      'status',
      'to',
      'trap',
      'traps',
    ]);
    expect(errors['traps']).toBe('is not a parameter of this route');
    expect(errors['trap']).toBe('must be given once');
    expect(problem.detail).toContain('traps');
  });

  it('takes no cursor that it has not made', async () => {
    for (const place of [
      [],
      ['a', 'b', 'c'],
      [1, '../x', 'b'],
      [1e300, 'a', 'b'],
      [1, 'a'],
      { a: 1 },
      null,
    ]) {
      const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
      expect((await api.get(`/api/v1/runs?after=${cursor}`)).status).toBe(400);
    }
  });

  it('takes no cursor with something behind it, or cut short', async () => {
    const { next } = await list('?limit=1');
    expect((await api.get(`/api/v1/runs?limit=1&after=${next}`)).status).toBe(200);
    for (const cursor of [
      `${next}x`,
      `${next}====`,
      `${next}!`,
      `%20${next}`,
      `${next}%0A`,
      next.slice(0, -1),
    ])
      expect([cursor, (await api.get(`/api/v1/runs?limit=1&after=${cursor}`)).status]).toEqual([cursor, 400]);
  });

  it('links each run to its first picture', async () => {
    const { items } = await list('?trap=meadow-1');
    const { pathname } = new URL(items[0].links.image);
    const image = await api.get(pathname);
    expect(Buffer.from(await image.arrayBuffer())).toEqual(
      bytesOf({ trapId: 'meadow-1', runId: 'run-1', cropId: '0001' }),
    );
  });
});
