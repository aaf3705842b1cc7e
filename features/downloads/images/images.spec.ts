import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../../libs/config/index.js';
import {
  bytesOf,
  fileCrop,
  fillMeadow,
  JUNE_1,
  observeRun,
  putCrops,
} from '../../../test/fixtures/filled-api.js';
import { type Key, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { unzipped } from '../../../test/fixtures/unzipped.js';
import { putManifest } from '../../runs/index.js';

const ALL = '/api/v1/downloads/images.zip';
const MEADOW = `${ALL}?trap=meadow-1`;
const LATER_MS = JUNE_1 + 86_400_000;

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const get = (path: string, headers: Record<string, string> = {}, as: Key = 'viewer') =>
  api.get(path, { headers, as });
const zipAt = async (path: string, as?: Key) => unzipped(await bodyOf(await get(path, {}, as)));

describe('an archive of pictures', () => {
  it('holds them byte for byte, those in the journal too, with a table and a note', async () => {
    const zip = await zipAt(MEADOW);
    expect(zip.names).toEqual([
      '2026-06-01/meadow-1/run-1/0001.jpg',
      '2026-06-01/meadow-1/run-1/0002.jpg',
      'runs.csv',
      'README.txt',
    ]);
    for (const cropId of ['0001', '0002']) {
      const content = zip.bytes(`2026-06-01/meadow-1/run-1/${cropId}.jpg`);
      expect(content).toEqual(bytesOf({ trapId: 'meadow-1', runId: 'run-1', cropId }));
    }
    expect(zip.names.every(zip.isWhole)).toBe(true);
    expect(zip.text('runs.csv')).toMatch(/^trapId,.*\nmeadow-1,Meadow,run-1,.*honeybee,Apis mellifera,.*\n$/);
  });

  it('says in its note what was asked for, when and of which version', async () => {
    const note = (await zipAt(MEADOW)).text('README.txt');
    expect(note).toContain(`Trapline ${VERSION}`);
    expect(note).toMatch(/As of {6}\d{4}-\d\d-\d\dT/);
    expect(note).toMatch(/Filter {5}trap=meadow-1\n/);
    expect(note).toMatch(/Runs {7}1\nPictures {3}2\n/);
    expect(note).toMatch(/Licence/);
  });

  it('says so in its headers too, and has its whole length', async () => {
    const answer = await get(`${MEADOW}&from=2026-06-01&insectsOnly=true`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition':
        'attachment; filename="trapline-images_meadow-1_from-2026-06-01_insects-only.zip"',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[\w-]+"$/),
      'x-trapline-filter': 'from=2026-06-01T00%3A00%3A00.000Z&insectsOnly=true&trap=meadow-1',
      'x-trapline-version': VERSION,
    });
    expect(answer.headers.get('content-length')).toBe(String((await bodyOf(answer)).length));
  });

  it('is empty and valid where nothing matches', async () => {
    const zip = await zipAt(`${ALL}?label=nobody`);
    expect(zip.names).toEqual(['runs.csv', 'README.txt']);
    expect(zip.text('runs.csv')).toMatch(/^trapId,[^\n]*\n$/);
  });

  it('takes the filters of the list, and names what it does not know', async () => {
    expect((await zipAt(`${ALL}?label=honeybee&from=2026-06-01&to=2026-06-02`)).names).toHaveLength(4);
    expect((await zipAt(`${ALL}?from=2026-06-02`)).names).toHaveLength(2);
    for (const path of [`${ALL}?traps=a`, `${ALL}?limit=5`, '/api/v1/runs/meadow-1/run-1/images.zip?trap=a'])
      expect((await get(path)).status).toBe(400);
  });

  it('leaves out pictures that were removed, and says how many', async () => {
    const run = { trapId: 'bare-1', runId: 'r' };
    await putCrops(api.catalog, api.dataDir, run, ['1', '2', '3'], JUNE_1 - 1000);
    await api.catalog.db
      .updateTable('crops')
      .set({ removed_at: 5 })
      .where('trap_id', '=', 'bare-1')
      .where('crop_id', '<>', '2')
      .execute();
    const zip = await zipAt(`${ALL}?trap=bare-1`);
    expect(zip.names).toEqual(['2026-06-01/bare-1/r/2.jpg', 'runs.csv', 'README.txt']);
    expect(zip.text('README.txt')).toMatch(/Pictures {3}1\nLeft out {3}2 pictures/);
  });

  it('gives a picture whose time the trap did not say that of its run, and never that of its receipt', async () => {
    const run = { trapId: 'late-1', runId: 'r' };
    await putCrops(api.catalog, api.dataDir, run, ['1', '2'], LATER_MS);
    await putManifest(api.catalog.db, run, [{ ...run, cropId: '2', atMs: JUNE_1 + 6000, entry: {} }]);
    await api.catalog.db
      .updateTable('runs')
      .set({ at_ms: JUNE_1 + 4000 })
      .where('trap_id', '=', 'late-1')
      .execute();
    const given = async (path: string) => {
      const zip = await zipAt(path);
      return zip.names.filter((name) => /late-1.*jpg$/.test(name)).map(zip.changedMs);
    };
    const expected = [JUNE_1 + 4000, JUNE_1 + 6000];
    expect(await given(`${ALL}?trap=late-1`)).toEqual(expected);
    expect(await given('/data/all')).toEqual(expected);
  });

  it('of one run holds that run', async () => {
    const path = '/api/v1/runs/meadow-1/run-1/images.zip';
    const answer = await get(path);
    expect(answer.headers.get('content-disposition')).toContain('"trapline-images_meadow-1_run-1.zip"');
    expect(unzipped(await bodyOf(answer)).names).toHaveLength(4);
    expect((await get('/api/v1/runs/meadow-1/run-9/images.zip')).status).toBe(404);
  });

  it('gives viewers rounded places, and editors exact ones', async () => {
    await api.catalog.db
      .insertInto('deployments')
      .values({
        trap_id: 'meadow-1',
        deployment_id: 'd1',
        source: 'editor',
        latitude: 47.12345,
        longitude: -8.54321,
      })
      .execute();
    expect((await zipAt(MEADOW, 'viewer')).text('runs.csv')).toMatch(/,47\.1,-8\.5,/);
    expect((await zipAt(MEADOW, 'editor')).text('runs.csv')).toMatch(/,47\.12345,-8\.54321,/);
    const table = (as: Key) => get('/api/v1/downloads/runs.csv', {}, as).then((answer) => answer.text());
    expect(await table('viewer')).not.toContain('47.12');
    expect(await table('editor')).toContain('47.12345');
  });

  it('puts a note in the place of a picture that has gone since, where the checksum tells', async () => {
    const run = { trapId: 'lost-1', runId: 'r' };
    await putCrops(api.catalog, api.dataDir, run, ['1', '2']);
    const path = await fileCrop(api.catalog, api.dataDir, { ...run, cropId: '1' });
    rmSync(path);
    const zip = await zipAt(`${ALL}?trap=lost-1`);
    const [gone = '', there = ''] = zip.names;
    expect([zip.isWhole(gone), zip.isWhole(there)]).toEqual([false, true]);
    expect(zip.text(gone)).toMatch(/^This picture is not here: .* doctor says more/);
    expect(api.logged.some((line) => line.includes('"lost-1"') && line.includes('is gone'))).toBe(true);
  });
});

describe('a part of an archive', () => {
  const trap = 'parts-1';
  const path = `${ALL}?trap=${trap}`;
  let whole: Buffer;
  let etag: string;
  beforeAll(async () => {
    await putCrops(api.catalog, api.dataDir, { trapId: trap, runId: 'r' }, ['1', '2', '3']);
    const answer = await get(path);
    etag = answer.headers.get('etag') ?? '';
    whole = await bodyOf(answer);
    // From now on the list would be another one.
    await putCrops(api.catalog, api.dataDir, { trapId: trap, runId: 's' }, ['4'], LATER_MS);
    await observeRun(api.catalog, { trapId: trap, runId: 'r' }, 'honeybee');
  });

  it('is of the archive that the client has the beginning of', async () => {
    const headers: Record<string, string>[] = [{}, { 'If-Range': etag }];
    for (const more of headers) {
      const rest = await get(path, { Range: 'bytes=1000-', ...more });
      expect([rest.status, rest.headers.get('etag')]).toEqual([206, etag]);
      expect(rest.headers.get('content-range')).toBe(`bytes 1000-${whole.length - 1}/${whole.length}`);
      expect((await bodyOf(rest)).equals(whole.subarray(1000))).toBe(true);
    }
  });

  it('is the whole of another where the client names one that is not there', async () => {
    const answer = await get(path, { Range: 'bytes=1000-', 'If-Range': '"another"' });
    expect(answer.status).toBe(200);
    expect(unzipped(await bodyOf(answer)).names).toHaveLength(6);
  });

  it('is refused to those who have begun nothing here: they get the whole', async () => {
    for (const [range, as] of [
      ['bytes=700-', 'editor'],
      ['bytes=99999999-', 'admin'],
    ] as const) {
      const answer = await get(path, { Range: range }, as);
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
    }
  });

  it('may be its end, as programs that look into archives ask for', async () => {
    const answer = await get(path, { Range: 'bytes=-22' }, 'admin');
    expect(answer.status).toBe(206);
    expect((await bodyOf(answer)).toString('latin1', 0, 4)).toBe('PK\x05\x06');
  });

  it('beyond the end is a problem that says where the end is', async () => {
    const answer = await get(path, { Range: `bytes=${whole.length}-` });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
  });

  it('is not sent to those who have the whole of the newest list', async () => {
    const now = await get(path);
    await now.arrayBuffer();
    const headers = { 'If-None-Match': now.headers.get('etag') ?? '' };
    expect((await get(path, headers)).status).toBe(304);
    await putCrops(api.catalog, api.dataDir, { trapId: trap, runId: 't' }, ['5'], LATER_MS);
    expect((await get(path, headers)).status).toBe(200);
  });

  it('is no body at all for HEAD, which says how long the archive is', async () => {
    const head = await api.get(path, { method: 'HEAD' });
    const body = await bodyOf(await get(path));
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(body.length)]);
  });
});

it('keeps no list where the disk is full', async () => {
  const full = await openSmallApi({ env: { TRAPLINE_DISK_RESERVE_MB: '1e12' } });
  const answer = await full.get(ALL);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([507, 'application/problem+json']);
  await full.close();
});
