import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../../libs/config/index.js';
import { putClassified } from '../../../test/fixtures/classified-crops.js';
import { fillMeadow, JUNE_1, putCrops } from '../../../test/fixtures/filled-api.js';
import { readTable } from '../../../test/fixtures/read-csv.js';
import { openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_PUBLIC_URL: 'https://traps.example.org' } });
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

const get = (path: string) => api.get(`/api/v1/downloads/${path}`);
const text = async (path: string) => (await get(path)).text();
const rows = async (path: string) => readTable(await text(path));

describe('any table with excel=true', () => {
  it.each([
    'downloads/runs.csv',
    'downloads/crops.csv',
    'downloads/top1-final.csv',
    'downloads/reviews.csv',
    'stats/agreement.csv',
    'stats/agreement.csv?table=confusions',
    'stats/counts.csv?by=trap,day',
  ])('is what Excel opens where the decimal sign is a comma: %s', async (path) => {
    const and = path.includes('?') ? '&' : '?';
    const plain = await api.get(`/api/v1/${path}`);
    const excel = await api.get(`/api/v1/${path}${and}excel=true`);
    expect([plain.status, excel.status]).toEqual([200, 200]);
    expect(excel.headers.get('x-trapline-filter')).toBe(plain.headers.get('x-trapline-filter'));
    const bytes = Buffer.from(await excel.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = bytes.toString('utf8').slice(1).split('\r\n');
    const [header = '', ...others] = (await plain.text()).split('\n');
    expect(lines[0]).toBe(header.replaceAll(',', ';'));
    expect(lines).toHaveLength(others.length + 1);
    expect((await api.get(`/api/v1/${path}${and}excel=yes`)).status).toBe(400);
  });

  it('has decimal commas in its numbers, and disarms formulas', async () => {
    const trap = api.catalog.db.updateTable('traps').where('trap_id', '=', 'meadow-1');
    await trap.set({ name: '=1+1;=2' }).execute();
    const excel = await text('runs.csv?trap=meadow-1&excel=true');
    expect(excel).toMatch(/;0,9;/);
    expect(excel).toContain(`"'=1+1;'=2"`);
    await trap.set({ name: 'Meadow' }).execute();
  });
});

describe('runs.csv', () => {
  it('has one row per run with the verdict that counts, the effort and links', async () => {
    await api.catalog.db
      .updateTable('runs')
      .set({ session_id: 'day-1' })
      .where('trap_id', '=', 'meadow-1')
      .execute();
    expect(await rows('runs.csv?trap=meadow-1')).toEqual([
      expect.objectContaining({
        trapId: 'meadow-1',
        trapName: 'Meadow',
        runId: 'run-1',
        start: '2026-06-01T08:00:00.000Z',
        startLocal: '2026-06-01T10:00:00.000',
        durationS: '7',
        clockSuspect: 'false',
        status: 'complete',
        storedCrops: '2',
        label: 'honeybee',
        taxon: 'Apis mellifera',
        insect: 'true',
        probability: '0.9',
        reviewed: 'false',
        sessionId: 'day-1',
        sessionMinutes: '60',
        link: 'https://traps.example.org/api/v1/runs/meadow-1/run-1',
        images: 'https://traps.example.org/api/v1/runs/meadow-1/run-1/images.zip',
      }),
    ]);
  });

  it('has every run once, in the order of the list', async () => {
    for (let run = 0; run < 600; run++)
      await putCrops(
        api.catalog,
        api.dataDir,
        { trapId: 'busy', runId: `r${run}` },
        ['1'],
        JUNE_1 + (run % 7),
      );
    const seen = (await rows('runs.csv?trap=busy')).map(({ runId }) => runId);
    expect(seen).toHaveLength(600);
    expect(new Set(seen).size).toBe(600);
    const { items } = await api.json('/api/v1/runs?trap=busy&limit=500');
    expect(seen.slice(0, 500)).toEqual(items.map((item: { runId: string }) => item.runId));
  });

  it('disarms a name that a spreadsheet would run', async () => {
    const trap = api.catalog.db.updateTable('traps').where('trap_id', '=', 'meadow-1');
    await trap.set({ name: '=HYPERLINK("http://x"),\n"y"' }).execute();
    const [row] = await rows('runs.csv?trap=meadow-1');
    expect(row?.['trapName']).toBe('\'=HYPERLINK("http://x"),\n"y"');
    await trap.set({ name: 'Meadow' }).execute();
  });
});

describe('every table', () => {
  const TABLES = ['runs.csv', 'runs.ndjson', 'crops.csv', 'top1-final.csv'];

  it.each(TABLES)('%s says in its headers what it is', async (table) => {
    const answer = await get(`${table}?trap=meadow-1&insectsOnly=true`);
    const [name, ending] = table.split('.');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': `attachment; filename="trapline-${name}_meadow-1_insects-only.${ending}"`,
      'x-trapline-filter': 'insectsOnly=true&trap=meadow-1',
      'x-trapline-version': VERSION,
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv|^application\/x-ndjson/);
    expect((await answer.text()).endsWith('\n')).toBe(true);
  });

  it.each(TABLES)('%s has no rows where nothing matches', async (table) => {
    const all = await text(`${table}?label=nobody`);
    expect(all.split('\n').filter(Boolean)).toHaveLength(table === 'runs.ndjson' ? 0 : 1);
  });

  it.each(TABLES)('%s refuses what it does not know, and takes HEAD', async (table) => {
    expect((await get(`${table}?traps=a`)).status).toBe(400);
    const head = await api.get(`/api/v1/downloads/${table}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it.each(TABLES)('%s needs a key', async (table) => {
    expect((await api.get(`/api/v1/downloads/${table}`, { as: 'none' })).status).toBe(401);
    expect((await api.get(`/api/v1/downloads/${table}`, { as: 'device' })).status).toBe(403);
  });
});

it('runs.ndjson has on each line what the list has', async () => {
  const lines = (await text('runs.ndjson')).trim().split('\n');
  const { items, next } = await api.json('/api/v1/runs?limit=500');
  const rest = await api.json(`/api/v1/runs?limit=500&after=${next}`);
  expect(lines.map((line) => JSON.parse(line))).toEqual([...items, ...rest.items]);
});

describe('crops.csv', () => {
  const bee = [
    { label: 'bee', probability: 0.6123 },
    { label: 'fly', probability: 0.2 },
  ];

  it("has insect-detect's columns, those of its classification, and the older names", async () => {
    expect((await text('crops.csv')).split('\n')[0]).toBe(
      'device_id,session_id,timestamp,label,confidence,track_id,track_status,x_min,y_min,x_max,y_max,' +
        'lens_position,iso_sensitivity,exposure_time,filename,top1,top1_prob,top2,top2_prob,top3,top3_prob,' +
        'cam_ID,rec_ID,track_ID',
    );
  });

  it('says what the trap and the model said, by the clock of the trap, always with a fraction', async () => {
    const entry = { trackStatus: 'TRACKED', lensPosition: 120, isoSensitivity: 400, exposureTimeMs: 3.5 };
    const told = { atMs: JUNE_1 + 500, confidence: 0.87, box: [0.1, 0.2, 0.3, 0.45], entry };
    const crops = [
      { cropId: '1', ...told, ranked: bee },
      { cropId: '2', atMs: JUNE_1, ranked: bee },
    ];
    const columns = {
      session_id: 's-12',
      track_id: '7',
      start_ms: JUNE_1,
      start_offset_min: 120,
      day: '2026-06-01',
    };
    await putClassified(api.catalog, { trapId: 'told-1', runId: 'r' }, crops, columns);
    const [first, second] = await rows('crops.csv?trap=told-1');
    expect(first).toEqual({
      device_id: 'told-1',
      session_id: 's-12',
      timestamp: '2026-06-01T10:00:00.500000',
      label: 'insect',
      confidence: '0.87',
      track_id: '7',
      track_status: 'TRACKED',
      x_min: '0.1',
      y_min: '0.2',
      x_max: '0.3',
      y_max: '0.45',
      lens_position: '120',
      iso_sensitivity: '400',
      exposure_time: '3.5',
      filename: '2026-06-01/told-1/r/1.jpg',
      top1: 'bee',
      top1_prob: '0.6123',
      top2: 'fly',
      top2_prob: '0.2',
      top3: '',
      top3_prob: '',
      cam_ID: 'told-1',
      rec_ID: 's-12',
      track_ID: '7',
    });
    expect(second?.['timestamp']).toBe('2026-06-01T10:00:00.000000');
  });

  it('keeps runs apart that have no session and no track, and gives every crop a time', async () => {
    for (const runId of ['a', 'b'])
      await putClassified(api.catalog, { trapId: 'bare-1', runId }, [{ cropId: '1', ranked: bee }]);
    const seen = await rows('crops.csv?trap=bare-1');
    expect(seen.map((row) => [row['session_id'], row['track_id']]).sort()).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(seen.every((row) => row['timestamp'] === '2026-06-01T08:00:00.000000')).toBe(true);
  });

  it('reads the clock of a trap by the zone in which it stood where its times say nothing', async () => {
    await api.catalog.db
      .insertInto('deployments')
      .values({ trap_id: 'zone-1', deployment_id: 'd1', source: 'editor', time_zone: 'America/Lima' })
      .execute();
    await putClassified(api.catalog, { trapId: 'zone-1', runId: 'r' }, [{ cropId: '1', ranked: bee }]);
    expect((await rows('crops.csv?trap=zone-1'))[0]?.['timestamp']).toBe('2026-06-01T03:00:00.000000');
  });

  it('leaves out crops without a label, unless they are asked for', async () => {
    const crops = [{ cropId: '1', ranked: bee }, { cropId: '2' }, { cropId: '3', ranked: [] }];
    await putClassified(api.catalog, { trapId: 'half-1', runId: 'r' }, crops);
    expect(await rows('crops.csv?trap=half-1')).toHaveLength(1);
    expect(await rows('crops.csv?trap=half-1&unclassified=true')).toHaveLength(3);
    expect((await rows('top1-final.csv?trap=half-1'))[0]?.['track_ID_imgs']).toBe('1');
  });

  it('has every crop of a long run once', async () => {
    const crops = Array.from({ length: 700 }, (_, i) => ({
      cropId: String(i).padStart(4, '0'),
      ranked: bee,
    }));
    await putClassified(api.catalog, { trapId: 'long-1', runId: 'r' }, crops);
    const names = (await rows('crops.csv?trap=long-1')).map((row) => row['filename']);
    expect(names).toEqual(crops.map(({ cropId }) => `2026-06-01/long-1/r/${cropId}.jpg`));
    expect(await rows('top1-final.csv?trap=long-1')).toEqual([
      expect.objectContaining({ track_ID_imgs: '700', top1_imgs: '700', top1_prob_mean: '0.61' }),
    ]);
  });

  it('tells viewers nothing of a trap that may be its place', async () => {
    const crops = [{ cropId: '1', entry: { label: '47.12345 8.54321', site: '47.12345' }, ranked: bee }];
    await putClassified(api.catalog, { trapId: 'shy-1', runId: 'r' }, crops);
    expect(await text('crops.csv?trap=shy-1')).not.toContain('47.12');
  });
});
