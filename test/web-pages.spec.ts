import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WEB_FOLDER } from '../features/web/index.js';
import { openSmallApi, type SmallApi } from './fixtures/small-api.js';

const HASHED = '/assets/main-3F2A9C1B.js';
const SCRIPT = `console.log(${JSON.stringify('pages '.repeat(200))});`;

let folder: string;
let api: SmallApi;
let unbuilt: SmallApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-web-'));
  mkdirSync(join(folder, 'web/assets'), { recursive: true });
  writeFileSync(join(folder, 'web/index.html'), '<!doctype html><title>Trapline</title>');
  writeFileSync(join(folder, 'web/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, `web${HASHED}`), SCRIPT);
  writeFileSync(join(folder, 'secret.txt'), 'not for anybody');
  writeFileSync(join(folder, 'web/.env'), 'not for anybody either');
  const at = (name: string) => pathToFileURL(`${join(folder, name)}/`);
  api = await openSmallApi({ providers: [{ provide: WEB_FOLDER, useValue: at('web') }] });
  unbuilt = await openSmallApi({ providers: [{ provide: WEB_FOLDER, useValue: at('nothing') }] });
});
afterAll(async () => {
  await api?.close();
  await unbuilt?.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, init: RequestInit = {}) => fetch(api.url + path, init);
const typeOf = (answer: Response) => answer.headers.get('content-type');

/** As it stands, without what `fetch` makes of a path. */
const rawStatus = (path: string) =>
  new Promise<[number | undefined, string]>((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    request({ hostname, port, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve([answer.statusCode, text]));
    })
      .on('error', reject)
      .end();
  });

describe('the web pages', () => {
  it.each([
    '/',
    '/gallery',
    '/gallery?trap=a',
    '/runs/meadow-1/2026.06.01-17',
    '/settings/people',
    '/first-start',
  ])('are at %s, checked again by the browser each time', async (path) => {
    const answer = await get(path);
    expect([answer.status, typeOf(answer), answer.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const etag = answer.headers.get('etag') ?? '';
    expect((await get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('load nothing from elsewhere, and are shown in no frame', async () => {
    const { headers } = await get('/');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('keep files whose name holds a hash for a year, compressed', async () => {
    const answer = await get(HASHED, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe(SCRIPT);
    const plain = await get(HASHED, { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, SCRIPT]);
    expect((await get('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
    const head = await get(HASHED, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..\\..\\secret.txt',
    '/assets//etc/passwd',
    '/.env',
    '/assets/other-3F2A9C1B.js',
    '/favicon.ico',
    '/assets/%00',
  ])('hold nothing at %s', async (path) => {
    const [status, text] = await rawStatus(path);
    expect(status).toBe(404);
    expect(text).not.toContain('not for anybody');
  });

  it.each([
    ['GET', '/api/nothing', 404],
    ['GET', '/API/v1/nothing', 404],
    ['GET', '/api', 404],
    ['GET', '/data/nothing', 404],
    ['GET', '/health/live', 200],
    ['GET', '/metrics', 401],
    ['POST', '/gallery', 404],
    ['PUT', '/', 404],
    ['DELETE', HASHED, 404],
    ['POST', '/api/v1/runs', 405],
  ])('leave %s %s to the API', async (method, path, status) => {
    const answer = await get(path, { method });
    expect(answer.status).toBe(status);
    expect(typeOf(answer)).toMatch(/json/);
    await answer.body?.cancel();
  });

  it('say that they are not built', async () => {
    const answer = await fetch(`${unbuilt.url}/gallery`);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')]);
    expect((await fetch(`${unbuilt.url}/health/live`)).status).toBe(200);
  });
});
