import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nginxOrReason, ReverseProxy } from './fixtures/grafana-proxy.js';
import { Station } from './fixtures/station.js';

const nginx = nginxOrReason();
const WEAK = ['password1234', 'aaaaaaaaaaaa', '            ', 'qwertyuiop12', 'anna-weber-1', 'trapline2026'];
const STRONG = 'nine bees on one flower';

let station: Station;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_TRUSTED_PROXIES: 'loopback' });
});
afterAll(() => station.remove());

const send = (method: string, path: string, body: object, headers: Record<string, string> = {}) =>
  station.get(`/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** The operators' command with a password on stdin. */
async function byCommand(args: string[], password: string) {
  const child = spawn(
    process.execPath,
    [resolve('dist/apps/station/cli/main.js'), ...args, '--password-stdin'],
    {
      env: { PATH: process.env['PATH'], TRAPLINE_DATA_DIR: station.dataDir },
    },
  );
  let err = '';
  child.stderr.on('data', (text) => {
    err += text;
  });
  child.stdin.end(`${password}\n`);
  const [code] = await once(child, 'close');
  return { code: code as number | null, err };
}

describe('a password that others could guess', () => {
  it('is refused wherever one is set, and the answer says why', async () => {
    expect(
      (await send('POST', '/users', { name: 'anna-weber', role: 'viewer', password: STRONG })).status,
    ).toBe(201);
    const login = await send('POST', '/auth/login', { name: 'anna-weber', password: STRONG });
    const { token } = (await login.json()) as { token: string };
    for (const password of WEAK) {
      const answers = [
        await send('POST', '/users', {
          name: 'ben',
          role: 'viewer',
          password: password.replace('anna-weber', 'ben-ben-ben'),
        }),
        await send('PATCH', '/users/anna-weber', { password }),
        await send(
          'POST',
          '/auth/password',
          { current: STRONG, password },
          { Authorization: `Bearer ${token}` },
        ),
      ];
      for (const answer of answers) {
        expect([password, answer.status]).toEqual([password, 400]);
        const { errors } = (await answer.json()) as { errors: { field: string; message: string }[] };
        expect(errors[0]).toMatchObject({ field: 'password', message: expect.stringMatching(/^must /) });
      }
    }
    const { code, err } = await byCommand(['user', 'password', 'anna-weber'], WEAK[0] as string);
    expect([code, err]).toEqual([1, expect.stringMatching(/the password must be harder to guess/)]);
    // None of it has changed anything.
    expect((await send('POST', '/auth/login', { name: 'anna-weber', password: STRONG })).status).toBe(200);
  }, 120_000);
});

(nginx.path ? describe : describe.skip)(`logins behind the proxy of the containers${nginx.reason}`, () => {
  let proxy: ReverseProxy;

  beforeAll(async () => {
    proxy = await ReverseProxy.start(nginx.path as string, {
      station: station.http.replace('localhost', '127.0.0.1'),
      grafanaPort: 9,
    });
  });
  afterAll(() => proxy?.stop());

  /** @param from one of the addresses of this machine. @returns the status of the answer */
  async function logIn(from: string, name: string, password: string, spoofed?: string): Promise<number> {
    const body = JSON.stringify({ name, password });
    const sent = request(`${proxy.url}/api/v1/auth/login`, {
      method: 'POST',
      localAddress: from,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...(spoofed && { 'x-forwarded-for': spoofed }),
      },
    });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    return answer.statusCode;
  }

  it('count by the address of the person, which nobody can choose', async () => {
    const statuses = [];
    for (let i = 0; i < 30; i += 1)
      statuses.push(await logIn('127.0.0.9', `name-${i}`, 'a wrong guess', `203.0.113.${i}`));
    expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429]);
    expect(await logIn('127.0.0.2', 'admin', await station.adminPassword())).toBe(200);
  });

  it('let in who is familiar at an address from which others guess', async () => {
    expect(await logIn('127.0.0.7', 'admin', await station.adminPassword())).toBe(200);
    for (let i = 0; i < 30; i += 1) await logIn('127.0.0.7', `name-${i}`, 'a wrong guess');
    expect(await logIn('127.0.0.7', 'name-1', 'a wrong guess')).toBe(429);
    expect(await logIn('127.0.0.7', 'admin', await station.adminPassword())).toBe(200);
  });

  it('let in who comes from elsewhere while a stranger guesses the same name', async () => {
    for (let i = 0; i < 30; i += 1) await logIn('127.0.0.8', 'admin', 'a wrong guess');
    expect(await logIn('127.0.0.8', 'admin', await station.adminPassword())).toBe(429);
    expect(await logIn('127.0.0.6', 'admin', await station.adminPassword())).toBe(200);
  });

  it('are told apart in the containers, too', () => {
    expect(readFileSync('docker-compose.yml', 'utf8')).toMatch(/TRAPLINE_TRUSTED_PROXIES: \S*uniquelocal/);
  });
});
