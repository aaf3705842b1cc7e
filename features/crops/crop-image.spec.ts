import { truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytesOf, fileCrop, putCrops } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { CropStore } from './crop-store.js';
import { findCrop } from './crops.repository.js';
import { ackInbox, placeInInbox } from './inbox.repository.js';

const RUN = { trapId: 'meadow-1', runId: 'run-1' };
const IN_FILE = { ...RUN, cropId: 'in-file' };
const IN_INBOX = { ...RUN, cropId: 'in-inbox' };
const BROKEN = { ...RUN, cropId: 'broken' };
const ZEROS = { ...RUN, cropId: 'zeros' };
const SIZE = 700;

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await putCrops(api.catalog, api.dataDir, RUN, ['in-file', 'in-inbox', 'broken', 'zeros', 'moving']);
  await fileCrop(api.catalog, api.dataDir, IN_FILE);
  await truncate(await fileCrop(api.catalog, api.dataDir, BROKEN), 100);
});
afterAll(() => api.close());

const pathOf = (crop: { cropId: string }) => `/api/v1/runs/meadow-1/run-1/crops/${crop.cropId}`;
const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe.each([
  ['a file', IN_FILE],
  ['the inbox', IN_INBOX],
])('a crop in %s', (_where, crop) => {
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    api.get(pathOf(crop), { headers, method });

  it('comes byte for byte, and may be kept for ever', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(await bodyOf(answer)).toEqual(bytesOf(crop));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(SIZE),
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    });
  });

  it('does not come again to who has it', async () => {
    const etag = (await get()).headers.get('etag') as string;
    for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const answer = await get({ 'if-none-match': known });
      expect([known, answer.status, (await bodyOf(answer)).length]).toEqual([known, 304, 0]);
      expect(answer.headers.get('etag')).toBe(etag);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('does not come again either where the client says no-cache to the caches on the way', async () => {
    const etag = (await get()).headers.get('etag') as string;
    expect((await get({ 'if-none-match': etag, 'cache-control': 'no-cache' })).status).toBe(304);
  });

  it('comes in parts', async () => {
    const whole = bytesOf(crop);
    const parts = {
      'bytes=0-9': [0, 9],
      'bytes=690-': [690, 699],
      'bytes=-5': [695, 699],
      'bytes=-701': [0, 699],
      'bytes=-99999999999999999999': [0, 699],
      'bytes=5-9999': [5, 699],
    };
    for (const [range, [start, end]] of Object.entries(parts) as [string, [number, number]][]) {
      const answer = await get({ range });
      expect(answer.status).toBe(206);
      expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/${SIZE}`);
      expect(answer.headers.get('content-length')).toBe(String(end - start + 1));
      expect(await bodyOf(answer)).toEqual(whole.subarray(start, end + 1));
    }
  });

  it('comes whole where the range is none, several, or of other bytes', async () => {
    const etag = (await get()).headers.get('etag') as string;
    const requests: Record<string, string>[] = [
      { range: 'lines=1-2' },
      { range: 'bytes=0-1,5-6' },
      { range: 'bytes=0-9', 'if-range': '"other"' },
    ];
    for (const headers of requests) {
      const answer = await get(headers);
      expect([answer.status, (await bodyOf(answer)).length]).toEqual([200, SIZE]);
    }
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
  });

  it('has nothing beyond its end', async () => {
    expect((await get({ range: 'bytes=-0' })).status).toBe(416);
    const answer = await get({ range: 'bytes=700-' });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe(`bytes */${SIZE}`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('answers HEAD like GET, without the bytes', async () => {
    const head = await get({ range: 'bytes=0-9' }, 'HEAD');
    expect([head.status, head.headers.get('content-length'), (await bodyOf(head)).length]).toEqual([
      200,
      String(SIZE),
      0,
    ]);
  });
});

describe('the bytes of a crop', () => {
  it('are found when the crop leaves the inbox between two looks', async () => {
    const crop = { ...RUN, cropId: 'moving' };
    const before = await findCrop(api.catalog.reader, crop);
    if (!before) throw new Error('the crop was not stored');
    await fileCrop(api.catalog, api.dataDir, crop);
    expect(await placeInInbox(api.catalog.reader, crop)).toBeUndefined();
    expect(await new CropStore(api.catalog.reader, api.dataDir).open(before)).toEqual(bytesOf(crop));
  });

  it('are not given out where the file is damaged or gone; the log says so, the client learns no path', async () => {
    await api.catalog.db.transaction().execute((tx) => ackInbox(tx, [IN_INBOX]));
    const zeros = await fileCrop(api.catalog, api.dataDir, ZEROS);
    await writeFile(zeros, Buffer.alloc(SIZE));
    const cases = [
      [BROKEN, 'picture-damaged'],
      [ZEROS, 'picture-damaged'],
      [IN_INBOX, 'picture-lost'],
    ] as const;
    for (const [crop, code] of cases) {
      expect((await api.get(pathOf(crop), { method: 'HEAD' })).status).toBe(503);
      const answer = await api.get(pathOf(crop));
      const body = await answer.text();
      expect(answer.status).toBe(503);
      expect(JSON.parse(body)).toMatchObject({
        type: `urn:trapline:problem:${code}`,
        detail: expect.stringContaining('npm run trapline -- doctor'),
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('etag')).toBeNull();
      expect(body).not.toMatch(/at |images|tmp/);
      expect(api.logged.at(-1)).toContain(`${crop.cropId}.jpg`);
    }
  });
});
