import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { FakeGrafana, nginxOrReason, ReverseProxy } from './fixtures/grafana-proxy.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const pixels = (picture: Buffer) => sharp(picture).raw().toBuffer();

const nginx = nginxOrReason();
const whereNginxIs = nginx.path ? describe : describe.skip;

const RUN = '/api/v1/runs/trap-1/run-1';
const CROP = `${RUN}/crops/0001`;
const PICTURES = '/grafana/pictures';

whereNginxIs(`the proxy before Grafana and the service${nginx.reason}`, () => {
  let station: Station;
  let grafana: FakeGrafana;
  let proxy: ReverseProxy;
  let folder: string;
  let bytes: Buffer;

  const makeAccounts = () =>
    execFileSync(process.execPath, [resolve('deploy/accounts.mjs'), '--broker', folder, '--proxy', folder], {
      env: {
        ...process.env,
        TRAPLINE_DATA_DIR: station.dataDir,
        MQTT_URL: 'mqtt://trapline:known@localhost',
      },
      encoding: 'utf8',
    });

  beforeAll(async () => {
    station = await Station.start();
    bytes = await crop('red', 0, 300);
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    await trap.crop('run-1', '0001', bytes);
    await trap.end('run-1', { crops: 1 });
    await eventually(() => trap.answers('run-1', 'receipt').find(({ state }) => state === 'complete'));
    await trap.close();
    folder = mkdtempSync(join(tmpdir(), 'trapline-accounts-'));
    makeAccounts();
    grafana = await FakeGrafana.start();
    proxy = await ReverseProxy.start(nginx.path as string, {
      station: station.http.replace('localhost', '127.0.0.1'),
      grafanaPort: grafana.port,
      keyFolder: folder,
    });
  }, 120_000);

  afterAll(async () => {
    await proxy?.stop();
    await grafana?.stop();
    await station?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${proxy.url}${path}`, { headers, method, redirect: 'manual' });
  const withSession = { Cookie: FakeGrafana.session };

  /** `fetch` would tidy up the path before it is sent. */
  const getAsWritten = (path: string): Promise<number> =>
    new Promise((found, failed) => {
      const { hostname, port } = new URL(proxy.url);
      request({ hostname, port, path, headers: withSession }, (answer) => {
        answer.resume();
        found(answer.statusCode ?? 0);
      })
        .on('error', failed)
        .end();
    });

  test('the files of accounts are private, stay when they are made again, and hold no admin', () => {
    const key = readFileSync(join(folder, 'pictures-key.conf'), 'utf8');
    expect(statSync(join(folder, 'pictures-key.conf')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'passwords')).mode & 0o777).toBe(0o600);
    expect(key).toMatch(/^proxy_set_header Authorization "Bearer [\w-]+";\n$/);
    makeAccounts();
    expect(readFileSync(join(folder, 'pictures-key.conf'), 'utf8')).toBe(key);
  });

  test('who is logged in to Grafana sees a picture as viewers do: byte for byte, without its metadata', async () => {
    const answer = await get(`${PICTURES}${CROP}`, withSession);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    const seen = Buffer.from(await answer.arrayBuffer());
    const { key } = await station.command<{ key: string }>(
      'key',
      'create',
      '--role',
      'viewer',
      '--name',
      'somebody',
      '--json',
    );
    const direct = await station.get(CROP, { headers: { Authorization: `Bearer ${key}` } });
    expect(seen).toEqual(Buffer.from(await direct.arrayBuffer()));
    // The comment that the camera wrote is blanked; the size and the pixels are those of the original.
    expect([bytes.includes('seed 0'), seen.includes('seed 0'), seen.length]).toEqual([
      true,
      false,
      bytes.length,
    ]);
    expect(await pixels(seen)).toEqual(await pixels(bytes));
  });

  test('the small picture comes in the size that was asked for', async () => {
    for (const [query, side] of [
      ['', 128],
      ['?size=64', 64],
    ] as const) {
      const answer = await get(`${PICTURES}${CROP}/thumbnail${query}`, withSession);
      const { format, width } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      expect([answer.status, format, width]).toEqual([200, 'jpeg', side]);
    }
  });

  test('the routes of waskrabbeltda are reached with their own key, and no other', async () => {
    expect((await get('/data/most_recent')).status).toBe(401);
    const answer = await get('/data/most_recent', { access_token: station.adminKey });
    expect(await answer.json()).toMatchObject({ most_recent_tracking_run: 'run-1' });
  });

  test.each([
    `${PICTURES}${CROP}`,
    `${PICTURES}${CROP}/thumbnail`,
    `${PICTURES}${RUN}`,
    `${PICTURES}/gallery.html?run=trap-1/run-1`,
    `${PICTURES}/gallery.js`,
  ])('nobody else sees %s', async (path) => {
    expect((await get(path)).status).toBe(401);
    expect((await get(path, { Cookie: 'grafana_session=made-up' })).status).toBe(401);
    // A key for the API opens nothing here: it is asked for at /api/.
    expect((await get(path, { Authorization: `Bearer ${station.adminKey}` })).status).toBe(401);
  });

  test('the gallery finds the crops of its run', async () => {
    expect(await (await get(`${PICTURES}/gallery.html?run=trap-1/run-1`, withSession)).text()).toContain(
      'gallery.js',
    );
    expect((await get(`${PICTURES}/gallery.js`, withSession)).headers.get('content-type')).toContain(
      'javascript',
    );
    const run = (await (await get(`${PICTURES}${RUN}`, withSession)).json()) as {
      crops: { cropId: string }[];
    };
    expect(run.crops.map(({ cropId }) => cropId)).toEqual(['0001']);
  });

  test.each([
    '/api/v1/runs',
    '/api/v1/dead-letters',
    '/api/v1/traps/trap-1',
    '/metrics',
    '/api/v1/runs/trap-1/run-1/crops/0001/bytes',
    '/api/v1/runs/trap-1/run-1/crops/9999',
    '/api/v1/runs/trap-1/run-9',
    '/',
    '/other.html',
  ])('the key opens no more than one run: %s is not there', async (path) => {
    expect((await get(`${PICTURES}${path}`, withSession)).status).toBe(404);
  });

  test.each([
    `${PICTURES}/api/v1/runs/trap-1/../../traps`,
    `${PICTURES}/api/v1/runs/trap-1/run-1/crops/..%2f..%2f..%2f..%2ftraps`,
    `${PICTURES}/api/v1/runs/%2e%2e/%2e%2e/traps`,
    `${PICTURES}//api/v1/traps`,
  ])('%s leads nowhere', async (path) => {
    expect([400, 404]).toContain(await getAsWritten(path));
  });

  test('pictures are read, not written', async () => {
    expect((await get(`${PICTURES}${CROP}`, withSession, 'PUT')).status).toBe(403);
    expect((await get(`${PICTURES}${CROP}`, withSession, 'DELETE')).status).toBe(403);
    expect((await get(`${PICTURES}${CROP}`, withSession, 'HEAD')).status).toBe(200);
  });

  test('readers of the API bring their own key', async () => {
    expect((await get('/api/v1/runs')).status).toBe(401);
    expect((await get('/api/v1/runs', withSession)).status).toBe(401);
    const answer = await get('/api/v1/runs', { Authorization: `Bearer ${station.adminKey}` });
    expect(answer.status).toBe(200);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/metrics')).status).toBe(404);
  });

  test('all else under /grafana/ is Grafana, at the address that the reader sees', async () => {
    expect(await (await get('/grafana/d/trapline-today?orgId=1')).text()).toBe(
      'grafana /grafana/d/trapline-today?orgId=1',
    );
    const seen = grafana.seen.at(-1);
    expect(seen?.headers.host).toBe(new URL(proxy.url).host);
    expect((await get('/')).headers.get('location')).toMatch(/\/grafana\/$/);
  });

  test('a map without tiles gets an empty one, from here', async () => {
    const answer = await get('/grafana/tiles/3/4/2.png');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/gif');
  });

  test('a key whose file was lost is replaced, and the lost one is worthless', async () => {
    const lost = /Bearer ([\w-]+)/.exec(readFileSync(join(folder, 'pictures-key.conf'), 'utf8'))?.[1];
    rmSync(join(folder, 'pictures-key.conf'));
    makeAccounts();
    expect((await get('/api/v1/runs', { Authorization: `Bearer ${lost}` })).status).toBe(401);
  });
});
