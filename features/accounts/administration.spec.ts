import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bodyOf, openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { accountBySecret, listAccounts, removeAccount } from './accounts.repository.js';
import { findPerson } from './users.repository.js';

let api: SmallApi;
beforeEach(async () => {
  api = await openSmallApi();
});
afterEach(() => api.close());

const send = (method: string, path: string, body?: unknown) =>
  api.get(`/api/v1${path}`, {
    as: 'admin',
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
const statusWith = async (secret: string, path: string) =>
  (await api.get(path, { as: 'none', headers: { authorization: `Bearer ${secret}` } })).status;

describe('keys', () => {
  it('are made, shown once, listed without their secret, and revoked at once', async () => {
    const response = await send('POST', '/keys', { name: 'office@lab', role: 'editor' });
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { key, ...rest } = await bodyOf(response);
    expect(rest).toEqual({ name: 'office@lab', role: 'editor' });
    expect(await statusWith(key, '/api/v1/dead-letters')).toBe(200);
    const list = await (await send('GET', '/keys')).text();
    expect(JSON.parse(list).items.map(({ name }: { name: string }) => name)).toEqual([
      'admin',
      'device',
      'editor',
      'office@lab',
      'viewer',
    ]);
    expect(list).not.toContain(key);
    expect((await send('DELETE', '/keys/office@lab')).status).toBe(204);
    expect(await statusWith(key, '/api/v1/dead-letters')).toBe(401);
  });

  it('are listed page by page', async () => {
    const first = await bodyOf(send('GET', '/keys?limit=3'));
    expect(first.items).toHaveLength(3);
    const rest = await bodyOf(send('GET', `/keys?limit=3&after=${first.next}`));
    expect(rest.items.map(({ name }: { name: string }) => name)).toEqual(['viewer']);
    expect(rest.next).toBeUndefined();
  });

  it('do not replace one that somebody uses', async () => {
    expect((await send('POST', '/keys', { name: 'viewer', role: 'viewer' })).status).toBe(409);
    expect(await statusWith('secret-of-viewer', '/api/v1/runs')).toBe(200);
  });

  it('of devices are named after their trap', async () => {
    expect((await send('POST', '/keys', { name: 'not@trap', role: 'device' })).status).toBe(400);
    const { key } = await bodyOf(send('POST', '/keys', { name: 'far-1', role: 'device' }));
    const me = await api.json('/api/v1/auth/me', {
      as: 'none',
      headers: { authorization: `Bearer ${key}` },
    });
    expect(me).toEqual({ kind: 'key', name: 'far-1', role: 'device', traps: null, expiresAt: null });
  });

  it.each([
    [{ name: 'x' }],
    [{ name: 'x', role: 'king' }],
    [{ name: '-', role: 'viewer' }],
    [{ name: 'x', role: 'viewer', key: 'mine' }],
  ])('are not made of %j', async (body) => {
    expect((await send('POST', '/keys', body)).status).toBe(400);
  });
});

describe('users', () => {
  const logIn = async (name: string, password: string) =>
    bodyOf(send('POST', '/auth/login', { name, password }));

  it('are added with a password that is shown once, changed and removed', async () => {
    const made = await bodyOf(send('POST', '/users', { name: 'Anna', role: 'viewer' }));
    expect(made).toMatchObject({ name: 'anna', role: 'viewer', disabled: false, lastLoginAt: null });
    const { token } = await logIn('anna', made.password);
    expect(await statusWith(token, '/api/v1/dead-letters')).toBe(403);

    const changed = await send('PATCH', '/users/anna', { role: 'editor' });
    expect(await bodyOf(changed)).toMatchObject({ name: 'anna', role: 'editor' });
    expect(await statusWith(token, '/api/v1/dead-letters')).toBe(200);

    const list = await (await send('GET', '/users')).text();
    expect(JSON.parse(list).items).toEqual([
      {
        name: 'anna',
        role: 'editor',
        traps: null,
        disabled: false,
        createdAt: expect.any(String),
        lastLoginAt: expect.any(String),
      },
    ]);
    expect(list).not.toContain('argon2');
    expect((await send('DELETE', '/users/anna')).status).toBe(204);
    expect(await statusWith(token, '/api/v1/runs')).toBe(401);
  });

  it('are logged out by a new password, and while they are disabled', async () => {
    const { password } = await bodyOf(send('POST', '/users', { name: 'anna', role: 'viewer' }));
    const before = await logIn('anna', password);
    await send('PATCH', '/users/anna', { password: 'a password of her own' });
    expect(await statusWith(before.token, '/api/v1/runs')).toBe(401);
    const after = await logIn('anna', 'a password of her own');
    await send('PATCH', '/users/anna', { disabled: true });
    expect(await statusWith(after.token, '/api/v1/runs')).toBe(401);
    expect((await logIn('anna', 'a password of her own')).status).toBe(401);
    await send('PATCH', '/users/anna', { disabled: false });
    expect((await logIn('anna', 'a password of her own')).token).toBeDefined();
  });

  it('do not get a password back that they chose themselves, nor the name of another', async () => {
    const made = await send('POST', '/users', {
      name: 'anna',
      role: 'viewer',
      password: 'a password of her own',
    });
    expect(await bodyOf(made)).not.toHaveProperty('password');
    const again = await send('POST', '/users', { name: 'ANNA', role: 'admin' });
    expect(again.status).toBe(409);
    expect((await findPerson(api.catalog.db, 'anna'))?.role).toBe('viewer');
  });

  it('have a role that reads, and a password that is long enough', async () => {
    expect((await send('POST', '/users', { name: 'anna', role: 'device' })).status).toBe(400);
    expect((await send('POST', '/users', { name: 'anna', role: 'viewer', password: 'short' })).status).toBe(
      400,
    );
    expect((await send('PATCH', '/users/anna', { password: 'short' })).status).toBe(400);
    expect((await send('PATCH', '/users/anna', { role: 'viewer' })).status).toBe(404);
  });

  it('keep at least one administrator among themselves and the keys', async () => {
    const { password } = await bodyOf(send('POST', '/users', { name: 'root', role: 'admin' }));
    const { token } = await logIn('root', password);
    await removeAccount(api.catalog.db, 'key', 'admin');
    const asRoot = (method: string, body?: unknown) =>
      api.get('/api/v1/users/root', {
        as: 'none',
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    expect((await asRoot('DELETE')).status).toBe(409);
    expect((await asRoot('PATCH', { disabled: true })).status).toBe(409);
    expect((await asRoot('PATCH', { role: 'editor' })).status).toBe(409);
    expect(await statusWith(token, '/api/v1/users')).toBe(200);
  });
});

describe('the credentials of a trap', () => {
  it('are shown once, replaced by new ones, and taken away', async () => {
    const first = await bodyOf(send('POST', '/traps/far-1/credentials'));
    expect(first).toEqual({ trapId: 'far-1', user: 'far-1', password: expect.stringMatching(/^[\w-]{43}$/) });
    const second = await bodyOf(send('POST', '/traps/far-1/credentials'));
    expect(await accountBySecret(api.catalog.db, first.password)).toBeUndefined();
    expect(await accountBySecret(api.catalog.db, second.password)).toMatchObject({
      kind: 'trap',
      name: 'far-1',
      mosquitto_hash: expect.stringMatching(/^\$7\$/),
    });
    expect((await send('DELETE', '/traps/far-1/credentials')).status).toBe(204);
    expect((await send('DELETE', '/traps/far-1/credentials')).status).toBe(404);
    expect((await listAccounts(api.catalog.db, 'trap')).map(({ name }) => name)).toEqual(['meadow-1']);
  });

  it('are taken as a user name and a password, too', async () => {
    const me = (pair: string) =>
      api.get('/api/v1/auth/me', {
        as: 'none',
        headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
      });
    expect(await bodyOf(me('meadow-1:secret-of-trap'))).toMatchObject({
      kind: 'trap',
      name: 'meadow-1',
    });
    expect((await me('far-1:secret-of-trap')).status).toBe(401);
    expect((await me('meadow-1:')).status).toBe(401);
  });
});

it('tells the log who did what, and no secret', async () => {
  const { key } = await bodyOf(send('POST', '/keys', { name: 'office', role: 'viewer' }));
  const user = await bodyOf(send('POST', '/users', { name: 'anna', role: 'viewer' }));
  const trap = await bodyOf(send('POST', '/traps/far-1/credentials'));
  const log = api.logged.join('');
  expect(log).toContain('"by":"admin","name":"office"');
  for (const secret of [key, user.password, trap.password, 'secret-of-admin'])
    expect(log).not.toContain(secret);
});
