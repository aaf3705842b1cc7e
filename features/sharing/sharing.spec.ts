import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillMeadow } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi, secretOf } from '../../test/fixtures/small-api.js';
import { putAccount, removeAccount } from '../accounts/index.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({
    env: {
      TRAPLINE_DATASET_CONTRIBUTOR: 'Meadow Group',
      TRAPLINE_DATASET_LICENCE: 'CC0-1.0',
      TRAPLINE_MEDIA_LICENCE: 'CC-BY-4.0',
      TRAPLINE_PUBLIC_URL: 'https://traps.example.org',
    },
  });
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

const share = (body: object = {}, secret = secretOf('viewer')) =>
  fetch(`${api.url}/api/v1/runs/meadow-1/run-1/share`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const shared = async (...args: Parameters<typeof share>) =>
  (await (await share(...args)).json()) as { url: string; path: string; expiresAt: string };
const open = (path: string, more = '') => api.get(`/api/v1${path}${more}`, { as: 'none' });

describe('a run that is shared', () => {
  it('is shown to anybody with its caption, and without ids or place', async () => {
    const { url, path, expiresAt } = await shared();
    expect(url).toBe(`https://traps.example.org${path}`);
    expect((Date.parse(expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(7, 2);
    const answer = await open(path);
    const caption = (await answer.json()) as Record<string, unknown>;
    expect(caption).toMatchObject({
      label: 'honeybee',
      uncertain: false,
      reviewed: false,
      seenOn: '2026-06-01',
      seenAt: '10:00',
      timeZone: 'Europe/Zurich',
      trap: 'Meadow',
      credit: 'Meadow Group',
      licence: 'CC-BY-4.0',
      expiresAt,
    });
    expect(JSON.stringify({ ...caption, image: '' })).not.toMatch(/meadow-1|run-1|0001|47\.|8\.5/);
  });

  it('has a picture that opens without a login', async () => {
    const { path } = await shared();
    const { image } = (await (await open(path)).json()) as { image: string };
    const answer = await fetch(image.replace('https://traps.example.org', api.url));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
  });

  it.each([59, 31 * 86_400 + 1, 1.5, '3600', null])('is not shared for %j seconds', async (expiresInS) => {
    expect((await share({ expiresInS })).status).toBe(400);
  });

  it('is not found by a link that was changed, has expired, or is one for something else', async () => {
    const { path } = await shared();
    const token = path.split('/').at(-1) ?? '';
    const decoded = Buffer.from(token, 'base64url').toString();
    const changed = (from: string | RegExp, to: string) =>
      `/shared/${Buffer.from(decoded.replace(from, to)).toString('base64url')}`;
    for (const wrong of [
      changed('run-1', 'run-2'),
      changed(/expires=\d+/, 'expires=99999999999'),
      changed('shared/', '/api/v1/runs/'),
      '/shared/nonsense',
      `/shared/${'A'.repeat(600)}`,
    ])
      expect([wrong, (await open(wrong)).status, (await open(wrong, '/image')).status]).toEqual([
        wrong,
        404,
        404,
      ]);
    // Neither does its signature open the picture itself.
    const signed = decoded.split('?')[1];
    const direct = await fetch(`${api.url}/api/v1/runs/meadow-1/run-1/crops/0001?${signed}`);
    expect(direct.status).toBe(403);
  });

  it('ends with the access of whoever shared it', async () => {
    const key = { kind: 'key', name: 'leaves', role: 'viewer', secret: 'secret-of-leaves' } as const;
    await putAccount(api.catalog.db, key, 1);
    const { path } = await shared({}, key.secret);
    expect((await open(path)).status).toBe(200);
    await removeAccount(api.catalog.db, 'key', 'leaves');
    expect((await open(path)).status).toBe(404);
  });

  it('has to be there', async () => {
    const answer = await api.get('/api/v1/runs/meadow-1/nothing/share', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
  });
});
