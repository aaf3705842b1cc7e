import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bodyOf, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { hashPassword } from '../password.js';
import { addPerson, changePerson, findPerson, removePerson } from '../users.repository.js';

const PASSWORD = 'nine bees on one flower';
const passwordHash = await hashPassword(PASSWORD);

let api: SmallApi;
beforeEach(async () => {
  api = await openSmallApi();
  await addPerson(api.catalog.db, { name: 'anna', role: 'editor', passwordHash }, 1);
});
afterEach(() => api.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.get(`/api/v1/auth/${path}`, {
    as: 'none',
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function logIn(password = PASSWORD): Promise<string> {
  const response = await post('login', { name: 'anna', password });
  expect(response.status).toBe(200);
  return (await bodyOf(response)).token;
}
const statusWith = async (token: string, path = '/api/v1/runs') =>
  (await api.get(path, { as: 'none', headers: bearer(token) })).status;

describe('logging in', () => {
  it('gives a token that is sent as keys are, with the role of the person', async () => {
    const response = await post('login', { name: 'Anna', password: PASSWORD });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const answer = await bodyOf(response);
    expect(answer).toEqual({
      token: expect.any(String),
      expiresAt: expect.any(String),
      name: 'anna',
      role: 'editor',
    });
    expect(await statusWith(answer.token, '/api/v1/dead-letters')).toBe(200);
    expect(await statusWith(answer.token, '/api/v1/keys')).toBe(403);
    const me = await api.json('/api/v1/auth/me', { as: 'none', headers: bearer(answer.token) });
    expect(me).toEqual({
      kind: 'user',
      name: 'anna',
      role: 'editor',
      traps: null,
      expiresAt: answer.expiresAt,
    });
    expect((await findPerson(api.catalog.db, 'anna'))?.last_login_at).toBeGreaterThan(1);
  });

  it('is refused in the same words for a wrong password, a name that nobody has, and somebody disabled', async () => {
    await addPerson(api.catalog.db, { name: 'ben', role: 'admin', passwordHash }, 1);
    await changePerson(api.catalog.db, 'ben', { disabled: true });
    const answers: unknown[][] = [];
    for (const [name, password] of [
      ['anna', 'not her password'],
      ['nobody', PASSWORD],
      ['no name at all!', PASSWORD],
      ['ben', PASSWORD],
    ]) {
      const response = await post('login', { name, password });
      answers.push([response.status, response.headers.get('www-authenticate'), await response.text()]);
    }
    expect(answers[0]?.[0]).toBe(401);
    expect(answers.every((answer) => answer.join() === answers[0]?.join())).toBe(true);
  });

  it('must wait after five wrong passwords, the right one too', async () => {
    for (let i = 0; i < 5; i += 1) {
      expect((await post('login', { name: 'anna', password: `wrong ${i}` })).status).toBe(401);
    }
    const response = await post('login', { name: 'anna', password: PASSWORD });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await bodyOf(response)).type).toBe('urn:trapline:problem:too-many-requests');
  });

  it('never has what was typed in the log', async () => {
    await post('login', { name: 'a secret in the wrong field', password: 'typed-by-mistake' });
    await post('login', { name: 'anna', password: 'typed-by-mistake' });
    const token = await logIn();
    const log = api.logged.join('');
    expect(log).toContain('a login failed');
    for (const secret of ['a secret in the wrong field', 'typed-by-mistake', PASSWORD, token, passwordHash])
      expect(log).not.toContain(secret);
  });

  it.each([
    [{}],
    [{ name: 'anna' }],
    [{ name: 'anna', password: 7 }],
    [{ name: 'a', password: 'b', role: 'admin' }],
    [[]],
  ])('is a malformed request with %j', async (body) => {
    expect((await post('login', body)).status).toBe(400);
  });
});

it('says what a body must be that is none', async () => {
  const response = await api.get('/api/v1/auth/login', { as: 'none', method: 'POST' });
  expect(response.status).toBe(400);
  const message = 'must be a JSON object, sent as application/json';
  expect((await bodyOf(response)).errors).toEqual([{ field: 'body', message }]);
});

describe('a login', () => {
  it('ends when its person logs out, and others of the person go on', async () => {
    const [one, other] = [await logIn(), await logIn()];
    expect((await post('logout', {}, bearer(one))).status).toBe(204);
    expect([await statusWith(one), await statusWith(other)]).toEqual([401, 200]);
  });

  it('ends at once when its person is removed, whoever does that', async () => {
    const token = await logIn();
    await removePerson(api.catalog.db, 'anna');
    expect(await statusWith(token)).toBe(401);
  });

  it('follows a change of the role at once', async () => {
    const token = await logIn();
    await changePerson(api.catalog.db, 'anna', { role: 'viewer' });
    expect(await statusWith(token, '/api/v1/dead-letters')).toBe(403);
  });

  it('is no key: it cannot be sent with a user name', async () => {
    const token = await logIn();
    for (const pair of [`anna:${token}`, `anna:${PASSWORD}`, `viewer:secret-of-viewer`]) {
      const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
      expect((await api.get('/api/v1/runs', { as: 'none', headers: { authorization } })).status).toBe(401);
    }
  });

  it('cannot be ended or have its password changed with a key', async () => {
    const key = bearer('secret-of-admin');
    expect((await post('logout', {}, key)).status).toBe(409);
    expect((await post('password', { current: PASSWORD, password: 'another password' }, key)).status).toBe(
      409,
    );
  });
});

describe('choosing another password', () => {
  const NEXT = 'ten flowers for one bee';

  it('ends every login, and answers with a new one', async () => {
    const [one, other] = [await logIn(), await logIn()];
    const response = await post('password', { current: PASSWORD, password: NEXT }, bearer(one));
    const { token } = await bodyOf(response);
    expect([await statusWith(one), await statusWith(other), await statusWith(token)]).toEqual([
      401, 401, 200,
    ]);
    expect((await post('login', { name: 'anna', password: PASSWORD })).status).toBe(401);
    await logIn(NEXT);
  });

  it('needs the present one, which cannot be guessed faster here', async () => {
    const token = await logIn();
    const attempt = () => post('password', { current: 'a wrong one', password: NEXT }, bearer(token));
    for (let i = 0; i < 5; i += 1) expect((await attempt()).status).toBe(401);
    expect((await attempt()).status).toBe(429);
    expect(await statusWith(token)).toBe(200);
  });

  it('needs twelve characters', async () => {
    const token = await logIn();
    const response = await post('password', { current: PASSWORD, password: 'eleven char' }, bearer(token));
    expect(response.status).toBe(400);
    expect((await bodyOf(response)).errors).toEqual([
      { field: 'password', message: 'must have 12 to 256 characters' },
    ]);
  });
});
