import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { FakeGrafana, nginxOrReason, ReverseProxy } from './fixtures/grafana-proxy.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const nginx = nginxOrReason();
const whereNginxIs = nginx.path ? describe : describe.skip;

const CROP = '/api/v1/runs/trap-1/run-1/crops/0001';
const PASSWORD = 'nine bees on one flower';

whereNginxIs(`the proxy before Grafana and the service${nginx.reason}`, () => {
  let station: Station;
  let grafana: FakeGrafana;
  let proxy: ReverseProxy;

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${proxy.url}${path}`, { headers, method, redirect: 'manual' });

  /** Headers of a browser in which a person is logged in. */
  async function browserOf(name: string, password: string): Promise<{ Cookie: string }> {
    const answer = await fetch(`${proxy.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Trapline': 'web', Origin: proxy.url },
      body: JSON.stringify({ name, password }),
    });
    expect(answer.status).toBe(200);
    return {
      Cookie: answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    };
  }

  async function addPerson(name: string, role: string): Promise<{ Cookie: string }> {
    const answer = await station.get('/api/v1/users', {
      method: 'POST',
      headers: { Authorization: `Bearer ${station.adminKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, role, password: PASSWORD }),
    });
    expect(answer.status).toBe(201);
    return browserOf(name, PASSWORD);
  }

  let viewer: { Cookie: string };

  beforeAll(async () => {
    station = await Station.start();
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    await trap.crop('run-1', '0001', await crop('red', 0, 300));
    await trap.end('run-1', { crops: 1 });
    await eventually(() => trap.answers('run-1', 'receipt').find(({ state }) => state === 'complete'));
    await trap.close();
    grafana = await FakeGrafana.start();
    proxy = await ReverseProxy.start(nginx.path as string, {
      station: station.http.replace('localhost', '127.0.0.1'),
      grafanaPort: grafana.port,
    });
    viewer = await addPerson('vera', 'viewer');
  }, 120_000);

  afterAll(async () => {
    await proxy?.stop();
    await grafana?.stop();
    await station?.remove();
  });

  /** `fetch` would tidy up the path before it is sent. */
  const getAsWritten = (path: string): Promise<{ status: number; location: string | undefined }> =>
    new Promise((found, failed) => {
      const { hostname, port } = new URL(proxy.url);
      request({ hostname, port, path, headers: viewer }, (answer) => {
        answer.resume();
        found({ status: answer.statusCode ?? 0, location: answer.headers.location });
      })
        .on('error', failed)
        .end();
    });

  test.each([
    ['viewer', 'Viewer'],
    ['editor', 'Editor'],
    ['admin', 'Admin'],
  ])('a person with the role %s is logged in to Grafana as %s, with the one login', async (role, its) => {
    const name = `of-role-${role}`;
    const browser = await addPerson(name, role);
    const path = '/grafana/d/trapline-today?orgId=1';
    expect(await (await get(path, browser)).text()).toBe(`grafana ${path} for ${name}@trapline, ${its}`);
    const { headers } = grafana.seen.at(-1) as (typeof grafana.seen)[number];
    expect(headers.host).toBe(new URL(proxy.url).host);
    // Grafana could be somebody with what it does not get.
    expect([headers.cookie, headers.authorization]).toEqual([undefined, undefined]);
  });

  test('nobody names another person to Grafana', async () => {
    const forged = { 'X-WEBAUTH-USER': 'admin', 'X-WEBAUTH-ROLE': 'Admin', 'X-WEBAUTH-NAME': 'admin' };
    expect((await get('/grafana/api/user', forged)).status).toBe(401);
    expect(await (await get('/grafana/api/user', { ...viewer, ...forged })).text()).toBe(
      'grafana /grafana/api/user for vera@trapline, Viewer',
    );
    expect(grafana.seen.at(-1)?.headers['x-webauth-name']).toBe('vera');
  });

  test('a person without a login is sent to the log-in page, and a script gets 401', async () => {
    const before = grafana.seen.length;
    const page = { Accept: 'text/html,application/xhtml+xml' };
    const strangers: Record<string, string>[] = [
      {},
      { Cookie: 'trapline=made-up' },
      { Cookie: 'grafana_session=old' },
    ];
    for (const headers of strangers) {
      const answer = await get('/grafana/d/trapline-today?orgId=1', { ...page, ...headers });
      expect([answer.status, new URL(answer.headers.get('location') ?? '').pathname]).toEqual([
        302,
        '/login',
      ]);
      expect(answer.headers.get('location')).toMatch(/\?next=\/grafana\/d\/trapline-today\?orgId=1$/);
      expect((await get('/grafana/api/user', headers)).status).toBe(401);
    }
    expect(grafana.seen.length).toBe(before);
  });

  test('keys and traps are no persons: Grafana is not for them', async () => {
    const { key } = await station.command<{ key: string }>(
      'key',
      'create',
      '--role',
      'admin',
      '--name',
      'k',
      '--json',
    );
    const statuses = await Promise.all(
      [key, station.trapPassword].map(
        async (secret) => (await get('/grafana/api/user', { Authorization: `Bearer ${secret}` })).status,
      ),
    );
    expect(statuses).toEqual([403, 403]);
  });

  test('who logs out of Trapline is logged out of Grafana', async () => {
    const browser = await addPerson('otto', 'editor');
    expect((await get('/grafana/', browser)).status).toBe(200);
    const { status } = await get(
      '/api/v1/session',
      { ...browser, 'X-Trapline': 'web', Origin: proxy.url },
      'DELETE',
    );
    expect(status).toBe(204);
    expect((await get('/grafana/', browser)).status).toBe(401);
  });

  test("Trapline's pages and API are at the same address", async () => {
    expect((await get('/api/v1/runs')).status).toBe(401);
    expect((await get('/api/v1/runs', viewer)).status).toBe(200);
    expect((await get('/api/v1/runs', { Authorization: `Bearer ${station.adminKey}` })).status).toBe(200);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/metrics')).status).toBe(404);
    // The page itself, not a way to Grafana.
    const page = await get('/', { Accept: 'text/html' });
    const direct = await station.get('/', { headers: { Accept: 'text/html' } });
    expect([page.status, hash(await page.arrayBuffer())]).toEqual([
      direct.status,
      hash(await direct.arrayBuffer()),
    ]);
  });

  test("a panel's picture comes with the login of the browser, and with nothing else", async () => {
    const thumbnail = `${CROP}/thumbnail?size=64`;
    const answer = await get(thumbnail, viewer);
    const { format, width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([answer.status, format, width]).toEqual([200, 'jpeg', 64]);
    expect((await get(thumbnail)).status).toBe(401);
    expect((await get(thumbnail, { Cookie: 'grafana_session=old' })).status).toBe(401);
  });

  test.each([
    ['/grafana/trapline/runs/trap-1/run-1', '/runs/trap-1/run-1'],
    [`/grafana/trapline${CROP}`, CROP],
    ['/grafana/trapline/gallery?trap=trap-1', '/gallery?trap=trap-1'],
  ])('the link of a panel %s leads to %s', async (from, to) => {
    const { status, location } = await getAsWritten(from);
    expect([status, location?.replace(proxy.url, '')]).toEqual([302, to]);
  });

  test.each([
    '/grafana/trapline//example.org/x',
    '/grafana/trapline/%2fexample.org',
    '/grafana/trapline/a%0d%0aSet-Cookie:%20a=b',
    '/grafana/trapline/\\example.org',
    '/grafana/trapline/@example.org',
  ])('the link of a panel %s leads to no other site', async (path) => {
    const { location = '' } = await getAsWritten(path);
    expect(new URL(location, proxy.url).origin).toBe(proxy.url);
    expect(location).not.toMatch(/cookie/i);
  });

  test('what showed pictures before this had its own pages is gone', async () => {
    for (const path of ['/grafana/pictures/gallery.html', `/grafana/pictures${CROP}`])
      expect(await (await get(path, viewer)).text()).toMatch(/^grafana /);
  });

  test('the routes of waskrabbeltda are reached with their own key, and no other', async () => {
    expect((await get('/data/most_recent')).status).toBe(401);
    const answer = await get('/data/most_recent', { access_token: station.adminKey });
    expect(await answer.json()).toMatchObject({ most_recent_tracking_run: 'run-1' });
  });

  test('a map without tiles gets an empty one, from here', async () => {
    const answer = await get('/grafana/tiles/3/4/2.png');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/gif');
  });
});

const hash = (bytes: ArrayBuffer) => createHash('sha256').update(Buffer.from(bytes)).digest('hex');
