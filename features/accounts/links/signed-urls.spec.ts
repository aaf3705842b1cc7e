import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from '../../../libs/database/index.js';
import { fillMeadow } from '../../../test/fixtures/filled-api.js';
import { bodyOf, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { addAccount, newSecret, removeAccount } from '../accounts.repository.js';
import { hashPassword } from '../password.js';
import { addPerson, changePerson, removePerson } from '../users.repository.js';

const CROP = '/api/v1/runs/meadow-1/run-1/crops/0001';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_PUBLIC_URL: 'https://traps.example/lab' } });
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

const sign = (body: unknown) =>
  api.get('/api/v1/signed-urls', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const signAs = (authorization: string) =>
  api.get('/api/v1/signed-urls', {
    as: 'none',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ urls: [CROP] }),
  });
const open = (url: string, init: RequestInit = {}) =>
  api.get(url.replace('https://traps.example/lab', ''), { as: 'none', ...init });

describe('a signed link', () => {
  it('shows a picture without a key, whole and in parts', async () => {
    const { urls, expiresAt } = await bodyOf(sign({ urls: [CROP] }));
    expect(urls[0]).toMatch(
      /^https:\/\/traps\.example\/lab\/api\/v1\/runs\/.+0001\?by=k-[0-9a-f]{64}&expires=\d+&signature=[\w-]{43}$/,
    );
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_590_000);
    const response = await open(urls[0]);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await open(urls[0], { headers: { range: 'bytes=0-9' } })).status).toBe(206);
    expect((await open(urls[0], { method: 'HEAD' })).status).toBe(200);
  });

  it('keeps what else stands in the link', async () => {
    const given = [`${CROP}/thumbnail?size=128`, `https://traps.example/lab${CROP}`];
    const { urls } = await bodyOf(sign({ urls: given, expiresInS: 60 }));
    expect(urls[0]).toMatch(/\/thumbnail\?size=128&by=[\w.-]+&expires=/);
    expect(urls[1]).toMatch(/^https:\/\/traps\.example\/lab\/api\/v1\/runs\/[^?]+\?by=[\w.-]+&expires=/);
  });

  it('is refused when it was changed, and says nothing of what there is', async () => {
    const { urls } = await bodyOf(sign({ urls: [CROP, '/api/v1/runs/no/such/crops/thing'] }));
    for (const url of [
      urls[0].replace('0001', '0002'),
      urls[0].replace(/expires=\d+/, 'expires=9999999999'),
      urls[0].replace(/by=[\w.-]+&/, ''),
      urls[0].replace(/by=k-./, 'by=k-x'),
      urls[0].replace(/&signature=.*/, ''),
      `${urls[0]}&signature=x`,
      urls[0].replace('?', '/thumbnail?'),
    ]) {
      const response = await open(url);
      expect([url, response.status]).toEqual([url, 403]);
      expect((await bodyOf(response)).type).toBe('urn:trapline:problem:link-not-valid');
    }
    expect((await open(urls[1])).status).toBe(404);
  });

  it('ends with the key that made it, and is not revived by a new key of that name', async () => {
    const { db } = api.catalog;
    const key = { kind: 'key', name: 'gallery', role: 'viewer' } as const;
    const secret = newSecret();
    await addAccount(db, { ...key, secret }, 1);
    const { urls } = await bodyOf(signAs(`Bearer ${secret}`));
    expect((await open(urls[0])).status).toBe(200);
    await removeAccount(db, 'key', 'gallery');
    expect([(await open(urls[0])).status, (await bodyOf(open(urls[0]))).type]).toEqual([
      403,
      'urn:trapline:problem:link-not-valid',
    ]);
    await addAccount(db, { ...key, secret: newSecret() }, 2);
    expect((await open(urls[0])).status).toBe(403);
    await removeAccount(db, 'key', 'gallery');
  });

  it.each([
    ['is removed', (db: Db) => removePerson(db, 'anna')],
    ['is disabled', (db: Db) => changePerson(db, 'anna', { disabled: true })],
    [
      'has a new password',
      async (db: Db) => changePerson(db, 'anna', { passwordHash: await hashPassword('x'.repeat(12)) }),
    ],
  ])('ends when the person that made it %s', async (_, end) => {
    const { db } = api.catalog;
    const passwordHash = await hashPassword('nine bees on one flower');
    await addPerson(db, { name: 'anna', role: 'viewer', passwordHash }, 1);
    const { token } = await bodyOf(
      api.get('/api/v1/auth/login', {
        as: 'none',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'anna', password: 'nine bees on one flower' }),
      }),
    );
    const { urls } = await bodyOf(signAs(`Bearer ${token}`));
    expect((await open(urls[0])).status).toBe(200);
    // The login may end: the person is the same.
    await api.get('/api/v1/auth/logout', {
      as: 'none',
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await open(urls[0])).status).toBe(200);
    await end(db);
    expect((await open(urls[0])).status).toBe(403);
    await removePerson(db, 'anna');
  });

  it('opens nothing but pictures', async () => {
    const { urls } = await bodyOf(sign({ urls: [CROP] }));
    const query = urls[0].split('?')[1];
    for (const path of ['/api/v1/runs', '/api/v1/runs/meadow-1/run-1', '/api/v1/traps', '/metrics'])
      expect((await open(`${path}?${query}`)).status).toBe(401);
  });

  it('does not stand in the way of a key', async () => {
    expect((await api.get(`${CROP}?expires=1&signature=x`)).status).toBe(200);
    expect((await api.get(`${CROP}?expires=1&signature=x`, { as: 'wrong' })).status).toBe(401);
  });

  it.each([
    [{ urls: [] }],
    [{ urls: ['/api/v1/runs'] }],
    [{ urls: ['/api/v1/users?x=/api/v1/runs/t/r/crops/c'] }],
    [{ urls: ['/api/v1/runs/t/../crops/c'] }],
    [{ urls: ['javascript:alert(1)'] }],
    [{ urls: Array.from({ length: 501 }, () => CROP) }],
    [{ urls: [CROP], expiresInS: 0 }],
    [{ urls: [CROP], expiresInS: 32 * 86_400 }],
    [{ urls: [CROP], expiresInS: '60' }],
    [{ urls: CROP }],
  ])('is not made of %j', async (body) => {
    expect((await sign(body)).status).toBe(400);
  });
});

describe('thumbnails for everyone', () => {
  it('are the only thing that is open then', async () => {
    const open = await openSmallApi({
      env: { TRAPLINE_PUBLIC_THUMBNAILS: 'true' },
    });
    try {
      await fillMeadow(open.catalog, open.dataDir);
      const status = async (path: string, as?: 'none' | 'wrong') =>
        (await open.get(path, { as: as ?? 'none' })).status;
      // 422: let in, and the bytes of this test are no picture.
      expect(await status(`${CROP}/thumbnail?size=64`)).toBe(422);
      expect(await status(`${CROP}/thumbnail?size=64`, 'wrong')).toBe(401);
      expect(await status(CROP)).toBe(401);
      expect(await status('/api/v1/runs')).toBe(401);
    } finally {
      await open.close();
    }
  });
});
