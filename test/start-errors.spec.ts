import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHORT_LIVED } from './fixtures/flags.js';

let folder: string;
let taken: Server;
let port: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-start-'));
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  port = String((taken.address() as AddressInfo).port);
  writeFileSync(join(folder, 'text.pem'), 'no certificate');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program with free ports, but for what is given, and waits for its end. */
async function start(program: string, env: Record<string, string>, args: readonly string[] = []) {
  const child = spawn(process.execPath, [...SHORT_LIVED, resolve(program), ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      TRAPLINE_DATA_DIR: join(folder, 'data'),
      TRAPLINE_HTTP_PORT: '0',
      TRAPLINE_MQTT_PORT: '0',
      TRAPLINE_MODEL: 'none',
      TRAPLINE_DISK_RESERVE_MB: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (text) => {
    err += text;
  });
  child.stdout.on('data', (text) => {
    // It must not: it would go on for ever.
    if (String(text).includes('"msg":"ready"')) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}

const STATION = 'dist/apps/station/main.js';

describe('a service that cannot listen', () => {
  it.each(['TRAPLINE_HTTP_PORT', 'TRAPLINE_MQTT_PORT', 'TRAPLINE_MQTT_WS_PORT'])(
    'names %s where its port is in use',
    async (name) => {
      expect(await start(STATION, { [name]: port })).toEqual({
        code: 1,
        err: `${name}: port ${port} is in use; stop the program that listens there, or set ${name} to another port\n`,
      });
    },
  );

  it('names both settings that have the same port', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const free = String((probe.address() as AddressInfo).port);
    probe.close();
    await once(probe, 'close');
    const { code, err } = await start(STATION, { TRAPLINE_HTTP_PORT: free, TRAPLINE_MQTT_PORT: free });
    expect([code, err]).toEqual([
      1,
      `TRAPLINE_HTTP_PORT and TRAPLINE_MQTT_PORT: both are ${free}; each needs a port of its own\n`,
    ]);
  });

  it('names TRAPLINE_HOST where the address is not of this machine', async () => {
    const { code, err } = await start(STATION, { TRAPLINE_HOST: '192.0.2.1' });
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^TRAPLINE_HOST: 192\.0\.2\.1 is no address of this /),
    ]);
  });
});

describe('a service whose settings are wrong', () => {
  it.each([
    ['a certificate that is not there', { TRAPLINE_TLS_CERT: 'no.pem', TRAPLINE_TLS_KEY: 'key.pem' }, 'CERT'],
    ['a certificate that is none', { TRAPLINE_TLS_CERT: 'text.pem', TRAPLINE_TLS_KEY: 'key.pem' }, 'CERT'],
  ])('names the variable of %s', async (_, env, name) => {
    const { code, err } = await start(STATION, env);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`^The settings are wrong:\nTRAPLINE_TLS_${name}: [^\n]*must [^\n]*\n$`),
      ),
    ]);
  });

  it.each([
    ['the service', STATION, []],
    ['the API alone', 'dist/apps/station/api-main.js', []],
    ['the command', 'dist/apps/station/cli/main.js', ['trap', 'list']],
    ['the demo', 'dist/apps/station/demo/main.js', []],
    ['the simulator', 'dist/apps/simulator/main.js', []],
  ])('%s names a variable that is no setting, and the nearest that is one', async (_, program, args) => {
    const { code, err } = await start(program, { TRAPLINE_HTP_PORT: '3001' }, args);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        /^([^\n]+:\s)?TRAPLINE_HTP_PORT: there is no such setting; the nearest is TRAPLINE_HTTP_PORT\n$/,
      ),
    ]);
    expect(existsSync(join(folder, 'data-demo', 'catalog.sqlite'))).toBe(false);
  });

  it('has no options on the command line, and does not pass over one', async () => {
    expect(await start(STATION, {}, ['--port', '3001'])).toEqual({
      code: 2,
      err: "error: unknown argument '--port': settings are environment variables\n",
    });
  });
});

describe('an agent whose settings are wrong', () => {
  const agent = async (settings: string, env: Record<string, string> = {}) => {
    writeFileSync(join(folder, 'agent.json'), settings);
    return start('dist/apps/agent/main.js', env, ['--dry-run']);
  };
  const RIGHT = { url: 'mqtt://127.0.0.1', trap: 't1', dataFolder: '.', timeZone: 'UTC' };

  it.each([
    [
      '{"url": "mqtt://x",\n "trap" "t1"}',
      'agent.json: must be JSON: a comma, a quotation mark or a brace is wrong or missing',
    ],
    [
      JSON.stringify({ ...RIGHT, pasword: 'x' }),
      'pasword: there is no such setting; the nearest is password',
    ],
    [JSON.stringify({ ...RIGHT, latitude: 91 }), 'latitude: must be a number from -90 to 90'],
    [JSON.stringify({ ...RIGHT, passwordFile: 'no' }), 'passwordFile: there is no file '],
  ])('says what is wrong with %s', async (settings, expected) => {
    const { code, err } = await agent(settings);
    expect(code).toBe(2);
    expect(err).toContain(`error: ${expected}`);
  });

  it('names a mistyped variable, instead of going without a password', async () => {
    const { code, err } = await agent(JSON.stringify(RIGHT), { TRAPLINE_AGENT_PASWORD: 'x' });
    expect([code, err]).toEqual([
      2,
      'error: TRAPLINE_AGENT_PASWORD: there is no such variable; the nearest is TRAPLINE_AGENT_PASSWORD\n',
    ]);
  });

  it('suggests the option that is meant', async () => {
    expect(await start('dist/apps/simulator/main.js', {}, ['--trps', '3'])).toEqual({
      code: 2,
      err: "error: unknown option '--trps' (Did you mean --traps?)\n",
    });
  });
});
