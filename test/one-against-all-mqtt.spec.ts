import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { generate } from 'mqtt-packet';
import { WebSocket } from 'ws';
import { Attacker, connectPacket, latencies, publishHead } from './fixtures/attack.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const SECONDS = Number(process.env.TRAPLINE_TEST_ATTACK_S ?? 8);
const MIB = 1024 * 1024;

let station: Station;
/** The one whose password the attacker has. */
const bad = { user: 'bad-1', password: '' };
let honest: Trap;
let attacker: Attacker | undefined;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_CLASSIFIERS: '0' });
  bad.password = (await station.command<{ password: string }>('trap', 'add', bad.user, '--json')).password;
  honest = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});

afterEach(() => attacker?.end());

afterAll(async () => {
  await honest.close();
  await station.remove();
});

const ready = async () => (await station.get('/health/ready')).json() as Promise<Readiness>;
interface Readiness {
  readonly status: string;
  readonly checks: Record<string, { status: string; reason?: string }>;
}

let runs = 0;
/** What an honest trap sees meanwhile. */
async function othersMeanwhile(name: string) {
  runs += 1;
  const run = `honest-${runs}`;
  const found = await latencies(SECONDS * 1000, 50, async (n) =>
    honest.crop(run, `c${n}`, await crop('red', n)),
  );
  process.stdout.write(`others while ${name}: ${JSON.stringify(found)}\n`);
  return found;
}

async function loggedIn(count: number, more: (n: number) => object = () => ({})) {
  attacker = new Attacker(station.mqttPort);
  const sockets = await attacker.open(count);
  for (const [n, socket] of sockets.entries())
    socket.write(connectPacket(bad.user, bad.password, `bad-${n}`, more(n)));
  await delay(300);
  return { attacker, sockets };
}

const badCrop = (n: number) => `traps/v1/${bad.user}/runs/r${n}/crops/c1`;

describe('while one trap attacks over MQTT, the others have their PUBACK within 2 s:', () => {
  it('1,500 connections that say nothing, while traps connect', async () => {
    attacker = new Attacker(station.mqttPort, '127.0.0.9');
    await attacker.open(1500);
    await delay(1000);
    const found = await latencies(SECONDS * 1000, 100, async () => {
      const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort, {
        connectTimeout: 9000,
      });
      await trap.close();
      // What was closed comes again.
      await attacker?.open(20);
    });
    process.stdout.write(`connecting while 1,500 are silent: ${JSON.stringify(found)}\n`);
    expect(found.p99Ms).toBeLessThan(2000);
    const { status, checks } = await ready();
    expect(status).toBe('degraded');
    expect(checks.intake?.reason).toContain('127.0.0.9');
  });

  it('70 connections that announce 1 MiB and drip; health says degraded, and who', async () => {
    const { attacker, sockets } = await loggedIn(70);
    for (const [n, socket] of sockets.entries()) socket.write(publishHead(badCrop(n), MIB));
    attacker.drip(sockets, 250);
    expect((await othersMeanwhile('70 drip')).p99Ms).toBeLessThan(2000);
    const { status, checks } = await ready();
    expect(status).toBe('degraded');
    expect(checks.intake?.reason).toContain(bad.user);
    const metrics = await station.get('/metrics', {
      headers: { Authorization: `Bearer ${station.adminKey}` },
    });
    expect(await metrics.text()).toMatch(/trapline_overuse\{kind="account",name="trap\/bad-1"/);
  });

  it('connections that send all but the last byte of 1 MiB', async () => {
    const { sockets } = await loggedIn(32);
    const body = Buffer.alloc(MIB - 1);
    sockets.forEach((socket, n) => {
      socket.write(publishHead(badCrop(n), MIB));
      socket.write(body);
    });
    expect((await othersMeanwhile('32 keep the last byte')).p99Ms).toBeLessThan(2000);
    expect((await ready()).checks.intake?.reason).toContain(bad.user);
  });

  it('a flood of small messages of each quality of service, without reading an answer', async () => {
    const { attacker, sockets } = await loggedIn(30);
    for (const socket of sockets) socket.pause();
    const topic = `traps/v1/${bad.user}/telemetry`;
    const flood = Buffer.concat(
      Array.from({ length: 300 }, (_, n) =>
        generate({
          cmd: 'publish',
          topic,
          payload: '{"v":1}',
          qos: (n % 3) as 0,
          messageId: n + 1,
          dup: false,
          retain: false,
        }),
      ),
    );
    attacker.drip(sockets, 100, flood);
    expect((await othersMeanwhile('messages flood')).p99Ms).toBeLessThan(2000);
  });

  it('floods of pings and subscriptions', async () => {
    const { attacker, sockets } = await loggedIn(30);
    const subscribe = generate({
      cmd: 'subscribe',
      messageId: 7,
      subscriptions: Array.from({ length: 500 }, (_, n) => ({
        topic: `traps/v1/${bad.user}/runs/r${n}/receipt`,
        qos: 1 as const,
      })),
    });
    const pings = Buffer.concat(Array.from({ length: 5000 }, () => generate({ cmd: 'pingreq' })));
    attacker.drip(sockets, 500, Buffer.concat([subscribe, pings]));
    expect((await othersMeanwhile('pings and subscriptions flood')).p99Ms).toBeLessThan(2000);
  });

  it('two clients with one id that throw each other out, as fast as they can', async () => {
    attacker = new Attacker(station.mqttPort);
    const mine = attacker;
    let isOver = false;
    const storm = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const [socket] = await mine.open(1);
        socket?.write(connectPacket(bad.user, bad.password, 'same', { keepalive: 0 }));
        await delay(5);
      }
    });
    const found = await othersMeanwhile('a storm of takeovers');
    isOver = true;
    await Promise.all(storm);
    expect(found.p99Ms).toBeLessThan(2000);
  });
});

it('a trap with a bad connection gets its crop through while another one of its address attacks', async () => {
  const { attacker, sockets } = await loggedIn(70);
  for (const [n, socket] of sockets.entries()) socket.write(publishHead(badCrop(n), MIB));
  attacker.drip(sockets, 250, Buffer.alloc(20_000));
  const slow = new Attacker(station.mqttPort);
  const [socket] = await slow.open(1);
  if (!socket) throw new Error('no socket');
  socket.write(connectPacket('trap-1', station.trapPassword, 'gsm', { keepalive: 5 }));
  await once(socket, 'data');
  // 2 KB/s, though not for 100 s.
  const bytes = Buffer.concat([
    publishHead('traps/v1/trap-1/runs/gsm/crops/c1', 20_000),
    Buffer.alloc(20_000),
  ]);
  const acknowledged = once(socket, 'data');
  for (let at = 0; at < bytes.length; at += 500) {
    socket.write(bytes.subarray(at, at + 500));
    await delay(250);
  }
  const [answer] = await acknowledged;
  expect((answer as Buffer)[0]).toBe(0x40);
  slow.end();
});

describe('a connection ends within seconds when what let it in is worth nothing any more:', () => {
  const login = (username: string, password: string) =>
    connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, { username, password, reconnectPeriod: 0 });
  const rest = (method: string, path: string, body?: object) =>
    station.get(`/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${station.adminKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const newPassword = async (trap: string) =>
    ((await (await rest('POST', `/traps/${trap}/credentials`)).json()) as { password: string }).password;

  it('an old password, although the same trap has logged in with the new one since', async () => {
    const old = await login('twice', await newPassword('twice'));
    const fresh = await login('twice', await newPassword('twice'));
    await eventually(() => !old.connected);
    await delay(2500);
    expect(fresh.connected).toBe(true);
    await fresh.endAsync(true);
  });

  it('a key that is named like a trap, and the trap stays; the key cannot take its client id', async () => {
    const trap = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
      username: 'namesake',
      password: await newPassword('namesake'),
      clientId: 'same',
      reconnectPeriod: 0,
    });
    const made = (await (await rest('POST', '/keys', { name: 'namesake', role: 'editor' })).json()) as {
      key: string;
    };
    const key = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
      username: 'namesake',
      password: made.key,
      clientId: 'same',
      reconnectPeriod: 0,
    });
    expect([trap.connected, key.connected]).toEqual([true, true]);
    expect((await rest('DELETE', '/keys/namesake')).status).toBe(204);
    await eventually(() => !key.connected);
    expect(trap.connected).toBe(true);
    // And the other way round.
    expect((await rest('DELETE', '/traps/namesake/credentials')).status).toBe(204);
    await eventually(() => !trap.connected);
  });
});

describe('a WebSocket without an account', () => {
  let open: Station;
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  beforeAll(async () => {
    open = await Station.start({
      TRAPLINE_CLASSIFIERS: '0',
      TRAPLINE_ANONYMOUS: 'true',
      TRAPLINE_MQTT_WS_PORT: String(port),
      TRAPLINE_ALLOWED_ORIGINS: 'https://dashboard.example.org',
    });
  });
  afterAll(() => open.remove());

  const tryFrom = (headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'mqtt', { headers });
      socket.on('open', () => {
        socket.terminate();
        resolve('open');
      });
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
      socket.on('error', () => resolve('error'));
    });

  it('is opened to programs, pages of the service and pages that were allowed, and to no other page', async () => {
    expect(await tryFrom({})).toBe('open');
    expect(await tryFrom({ origin: `http://127.0.0.1:${port}` })).toBe('open');
    expect(await tryFrom({ origin: 'https://dashboard.example.org' })).toBe('open');
    expect(await tryFrom({ origin: 'https://evil.example' })).toBe('401');
    expect(await tryFrom({ origin: `http://evil.example:${port}`, host: `evil.example:${port}` })).toBe(
      '401',
    );
    expect(await tryFrom({ origin: 'null' })).toBe('401');
  });

  it('opens nothing over HTTP, and no foreign page may read an answer', async () => {
    const answer = await fetch(`${open.http}/api/v1/runs`, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(`${open.http}/api/v1/runs`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});
