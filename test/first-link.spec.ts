import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Station } from './fixtures/station.js';

let station: Station;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_TRUSTED_PROXIES: 'loopback' });
});
afterAll(() => station.remove());

const MARK = { 'x-trapline': 'test' };

interface Session {
  readonly user: { name: string; role: string; mustSetPassword: boolean; language: string | null } | null;
  readonly station: { needsFirstStart: boolean };
}

/** A browser: it keeps the cookie that it gets, and sends it to this service. */
class Browser {
  cookie = '';
  constructor(private readonly headers: Record<string, string> = {}) {}

  async send(method: string, path: string, body?: object, headers: Record<string, string> = MARK) {
    const answer = await fetch(`${station.http}${path}`, {
      method,
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        ...(body && { 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const set = answer.headers.get('set-cookie');
    if (set) this.cookie = /=;/.test(set) ? '' : (set.split(';')[0] ?? '');
    return answer;
  }

  async session(): Promise<Session> {
    return (await (await this.send('GET', '/api/v1/session')).json()) as Session;
  }
}

const lastLine = (): string => station.output.trimEnd().split('\n').at(-1) ?? '';
const tokenOf = (link: string) => ({ token: new URL(link).hash.slice(1) });
const PASSWORD = 'nine bees on one flower';

describe('the first start', () => {
  it('ends with one line that holds a link', () => {
    expect(lastLine()).toMatch(/^Open this link .*: http:\/\/\S+\/first-start#[\w-]{43}$/);
    expect(station.output).not.toMatch(/password \w+-\w+-/);
  });

  it('logs its opener in once, who then chooses a password', async () => {
    const browser = new Browser();
    expect(await browser.session()).toMatchObject({ user: null, station: { needsFirstStart: true } });
    const opened = await browser.send('POST', '/api/v1/session/link', tokenOf(station.firstLink));
    expect([opened.status, await opened.json()]).toEqual([
      200,
      expect.objectContaining({ user: expect.objectContaining({ name: 'admin', mustSetPassword: true }) }),
    ]);
    const again = await new Browser().send('POST', '/api/v1/session/link', tokenOf(station.firstLink));
    expect([again.status, (await again.json()) as object]).toEqual([
      401,
      expect.objectContaining({ type: 'urn:trapline:problem:link-not-valid' }),
    ]);
    const weak = await browser.send('POST', '/api/v1/session/password', { password: 'password1234' });
    expect(weak.status).toBe(400);
    const before = browser.cookie;
    const chosen = await browser.send('POST', '/api/v1/session/password', { password: PASSWORD });
    expect(chosen.status).toBe(200);
    expect(await browser.session()).toMatchObject({
      user: { name: 'admin', role: 'admin', mustSetPassword: false },
      station: { needsFirstStart: false },
    });
    browser.cookie = before;
    expect((await browser.session()).user).toBeNull();
  });

  it('prints the address of the pages once somebody has a password', async () => {
    await station.stop();
    await station.start();
    expect(lastLine()).toBe(`Trapline: ${station.http}/`);
  });

  it('is repeated by a command for whoever has lost a password', async () => {
    const { url } = await station.command<{ url: string }>('user', 'link', 'admin', '--json');
    expect(url).toMatch(/^http:\/\/\S+\/first-start#/);
    const { url: newer } = await station.command<{ url: string }>('user', 'link', 'admin', '--json');
    const browser = new Browser();
    expect((await browser.send('POST', '/api/v1/session/link', tokenOf(url))).status).toBe(401);
    expect((await browser.send('POST', '/api/v1/session/link', tokenOf(newer))).status).toBe(200);
    expect((await browser.session()).user).toMatchObject({ mustSetPassword: true });
    expect((await station.tryCommand(['user', 'link', 'nobody'])).err).toMatch(/there is no user nobody/);
  });
});

describe('a login in a browser', () => {
  const logIn = async (headers: Record<string, string> = {}, more: object = {}) => {
    const browser = new Browser(headers);
    const answer = await browser.send('POST', '/api/v1/session', {
      name: 'admin',
      password: PASSWORD,
      ...more,
    });
    return { browser, answer, cookie: answer.headers.get('set-cookie') ?? '' };
  };

  it('is a cookie that no script and no foreign page can use', async () => {
    const plain = await logIn();
    expect(plain.cookie).toMatch(
      /^trapline-[0-9a-f]{8}=[\w.-]+; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    const secure = await logIn({ 'x-forwarded-proto': 'https' });
    expect(secure.cookie).toMatch(/^__Host-trapline-[0-9a-f]{8}=.*; HttpOnly; Secure; SameSite=Strict$/);
    // A cookie that came without TLS opens nothing behind TLS: anybody on the way could have set it.
    plain.browser.cookie = plain.browser.cookie.replace('__Host-', '');
    const overTls = await plain.browser.send('GET', '/api/v1/runs', undefined, {
      'x-forwarded-proto': 'https',
    });
    expect(overTls.status).toBe(401);
  });

  it('lasts for a month if the person wishes', async () => {
    // Of the browser's clock: it may show another time than the station's.
    const daysOf = (cookie: string) => Number(/Max-Age=(\d+)/.exec(cookie)?.[1]) / 86_400;
    expect(daysOf((await logIn()).cookie)).toBeCloseTo(0.5, 1);
    expect(daysOf((await logIn({}, { remember: true })).cookie)).toBeCloseTo(30, 1);
  });

  it('opens what its person may see, pictures and downloads, too', async () => {
    const { browser } = await logIn();
    for (const path of ['/api/v1/runs', '/api/v1/keys', '/metrics', '/api/v1/downloads/runs.csv'])
      expect([path, (await browser.send('GET', path, undefined, {})).status]).toEqual([path, 200]);
  });

  it('changes nothing without the header, from another site, or from another origin', async () => {
    const { browser } = await logIn();
    const key = { name: 'made-by-a-page', role: 'viewer' };
    const statusWith = async (headers: Record<string, string>) =>
      (await browser.send('POST', '/api/v1/keys', key, headers)).status;
    const { host, origin } = new URL(station.http);
    expect(await statusWith({})).toBe(403);
    expect(await statusWith({ ...MARK, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusWith({ ...MARK, 'sec-fetch-site': 'same-site', origin })).toBe(403);
    expect(await statusWith({ ...MARK, origin: 'null' })).toBe(403);
    expect(await statusWith({ ...MARK, origin: `http://${host}1` })).toBe(403);
    expect(await statusWith({ ...MARK, origin, 'sec-fetch-site': 'same-origin' })).toBe(201);
    const foreign = await new Browser().send(
      'POST',
      '/api/v1/session',
      { name: 'admin', password: PASSWORD },
      {},
    );
    expect([foreign.status, foreign.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('ends on the server, too', async () => {
    const { browser } = await logIn();
    const { cookie } = browser;
    expect((await browser.send('DELETE', '/api/v1/session')).status).toBe(204);
    expect(browser.cookie).toBe('');
    browser.cookie = cookie;
    expect((await browser.send('GET', '/api/v1/runs')).status).toBe(401);
    expect((await browser.session()).user).toBeNull();
    expect((await new Browser().send('DELETE', '/api/v1/session')).status).toBe(204);
  });

  it('keeps the language that its person has chosen', async () => {
    const { browser } = await logIn();
    expect((await browser.send('PATCH', '/api/v1/session', { language: 'de' })).status).toBe(200);
    expect((await (await logIn()).browser.session()).user).toMatchObject({ language: 'de' });
    expect((await browser.send('PATCH', '/api/v1/session', { language: 'fr' })).status).toBe(400);
  });

  it('is slowed down after wrong passwords, as any other login is', async () => {
    const from = { 'x-forwarded-for': '203.0.113.9' };
    const statuses = [];
    for (let i = 0; i < 8; i += 1)
      statuses.push((await logIn(from, { password: 'a wrong guess' })).answer.status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    expect((await logIn(from)).answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('does not open a page of another person after a link of that one', async () => {
    await station.get('/api/v1/users', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ben', role: 'viewer' }),
    });
    const made = await station.get('/api/v1/users/ben/link', { method: 'POST' });
    const { path, expiresAt } = (await made.json()) as { path: string; expiresAt: string };
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const browser = new Browser();
    await browser.send('POST', '/api/v1/session/link', { token: path.split('#')[1] });
    expect((await browser.session()).user).toMatchObject({ name: 'ben', role: 'viewer' });
    expect((await browser.send('GET', '/api/v1/keys')).status).toBe(403);
  });
});
