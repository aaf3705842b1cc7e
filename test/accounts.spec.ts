import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Station } from './fixtures/station.js';

let station: Station;
/** Every secret that was made or typed in these tests. */
const secrets: Record<string, string> = {};

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_LOG_LEVEL: 'trace' });
  secrets['the first key'] = station.adminKey;
  secrets['the first password'] = await station.adminPassword();
  secrets['the password of the first trap'] = station.trapPassword;
});
afterAll(() => station.remove());

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  station.get(`/api/v1${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
const statusWith = async (secret: string) => (await send('GET', '/runs', undefined, bearer(secret))).status;

async function logIn(name: string, password: string): Promise<string> {
  const response = await send('POST', '/auth/login', { name, password });
  const { token } = (await response.json()) as { token: string };
  secrets[`a login of ${name}`] = token;
  return token;
}

describe('accounts', () => {
  it('are there from the first start on, with a password that nobody else has', async () => {
    const token = await logIn('admin', await station.adminPassword());
    expect((await send('GET', '/users', undefined, bearer(token))).status).toBe(200);
  });

  it('are not made anew at later starts, and logins outlive them', async () => {
    const token = await logIn('admin', await station.adminPassword());
    await station.stop();
    await station.start();
    expect(station.output.match(/First start/g)).toHaveLength(1);
    expect(await statusWith(token)).toBe(200);
    expect((await send('GET', '/users')).status).toBe(200);
  });

  it('stop to work at once when they are taken away on the command line', async () => {
    const { password } = await station.command<{ password: string }>(
      'user',
      'add',
      'anna',
      '--role',
      'viewer',
      '--json',
    );
    const { key } = await station.command<{ key: string }>(
      'key',
      'create',
      '--role',
      'viewer',
      '--name',
      'office',
      '--json',
    );
    Object.assign(secrets, { 'the password of anna': password, 'the key of the office': key });
    const token = await logIn('anna', password);
    expect([await statusWith(token), await statusWith(key)]).toEqual([200, 200]);
    await station.command('user', 'remove', 'anna');
    await station.command('key', 'revoke', 'office');
    expect([await statusWith(token), await statusWith(key)]).toEqual([401, 401]);
  });

  it('of a trap end its connection when they are taken away over REST', async () => {
    const answer = await send('POST', '/traps/far-1/credentials');
    const { password } = (await answer.json()) as { password: string };
    secrets['the password of far-1'] = password;
    const client = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
      username: 'far-1',
      password,
      reconnectPeriod: 0,
    });
    let isClosed = false;
    client.on('close', () => {
      isClosed = true;
    });
    client.on('error', () => {});
    expect((await send('DELETE', '/traps/far-1/credentials')).status).toBe(204);
    await eventually(() => isClosed);
    await client.endAsync(true);
  });

  it('of a trap let it send over HTTP for itself, by its password or a device key, and for no other', async () => {
    const answer = await send('POST', '/keys', { name: 'far-2', role: 'device' });
    const { key } = (await answer.json()) as { key: string };
    secrets['the key of far-2'] = key;
    const put = async (trapId: string, authorization: string, seed: number) => {
      const response = await station.get(`/api/v1/traps/${trapId}/runs/by-http/crops/c${seed}`, {
        method: 'PUT',
        headers: { Authorization: authorization, 'content-type': 'image/jpeg' },
        body: await crop('red', seed),
      });
      return response.status;
    };
    const basic = `Basic ${Buffer.from(`trap-1:${station.trapPassword}`).toString('base64')}`;
    expect(await put('trap-1', basic, 1)).toBe(201);
    expect(await put('trap-1', `Bearer ${station.trapPassword}`, 2)).toBe(201);
    expect(await put('far-2', `Bearer ${key}`, 3)).toBe(201);
    expect(await put('trap-1', `Bearer ${key}`, 4)).toBe(403);
    expect(await put('far-2', basic, 5)).toBe(403);
  });
});

/** Of all files of the data folder, those that hold this text. */
function filesWith(text: string): string[] {
  const files = readdirSync(station.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => readFileSync(file).includes(text));
}

describe('secrets', () => {
  it('are kept as hashes only', () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(8);
    for (const [whose, secret] of Object.entries(secrets)) {
      expect([whose, secret.length > 20]).toEqual([whose, true]);
      expect([whose, filesWith(secret)]).toEqual([whose, []]);
    }
    // The search does find what is there.
    expect(filesWith('first-admin').length).toBeGreaterThan(0);
    expect(filesWith('$argon2id$').length).toBeGreaterThan(0);
  });

  it('are never logged, whatever the level', async () => {
    await send('POST', '/auth/login', {
      name: 'typed-in-the-wrong-field',
      password: 'not-the-password-of-admin',
    });
    await send('POST', '/auth/login', { name: 'admin', password: 'not-the-password-of-admin' });
    await station.get('/api/v1/runs?nonsense', { headers: bearer('a-key-that-nobody-has') });
    const answer = await send('POST', '/signed-urls', { urls: ['/api/v1/runs/t/r/crops/c'] });
    const [link = ''] = ((await answer.json()) as { urls: string[] }).urls;
    await station.get(link);
    const serviceKey = readFileSync(join(station.dataDir, 'service.key'), 'utf8').trim();
    const typed = ['typed-in-the-wrong-field', 'not-the-password-of-admin', 'a-key-that-nobody-has'];
    const log = station.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n');
    expect(log).toContain('a login failed');
    const signature = new URL(link, 'http://x').searchParams.get('signature');
    for (const secret of [...Object.values(secrets), ...typed, serviceKey, signature as string])
      expect(log).not.toContain(secret);
  });

  it('that the service signs with are for its owner only', () => {
    expect(statSync(join(station.dataDir, 'service.key')).mode & 0o777).toBe(0o600);
  });
});
