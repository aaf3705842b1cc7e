import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Attacker, latencies } from './fixtures/attack.js';
import { crop } from './fixtures/crops.js';
import { Station } from './fixtures/station.js';

const SECONDS = Number(process.env['TRAPLINE_TEST_ATTACK_S'] ?? 8);
const MIB = 1024 * 1024;

let station: Station;
let badPassword: string;
let attacker: Attacker;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_CLASSIFIERS: '0' });
  badPassword = await station.addTrap('bad-1');
});

afterEach(() => attacker?.end());
afterAll(() => station.remove());

const port = () => Number(new URL(station.http).port);
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const head = (method: string, path: string, ...headers: string[]) =>
  Buffer.from(`${[`${method} ${path} HTTP/1.1`, 'Host: trapline', ...headers].join('\r\n')}\r\n\r\n`);
const asBad = () => `Authorization: ${basic('bad-1', badPassword)}`;

interface Readiness {
  readonly status: string;
  readonly checks: Record<string, { status: string; reason?: string }>;
}
const ready = async () => (await (await station.get('/health/ready')).json()) as Readiness;

let runs = 0;
/** What an honest trap sees meanwhile: each crop is a request of its own, answered when it is durable. */
async function othersMeanwhile(name: string) {
  runs += 1;
  const run = `honest-${runs}`;
  const found = await latencies(SECONDS * 1000, 50, async (n) => {
    const answer = await fetch(`${station.http}/api/v1/traps/trap-1/runs/${run}/crops/c${n}`, {
      method: 'PUT',
      headers: { Authorization: basic('trap-1', station.trapPassword), Connection: 'close' },
      body: await crop('red', n),
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  });
  process.stdout.write(`others while ${name}: ${JSON.stringify(found)}\n`);
  expect(found.p99Ms).toBeLessThan(2000);
}

async function attack(count: number, bytes: (n: number) => Buffer, localAddress = '127.0.0.1') {
  attacker = new Attacker(port(), localAddress);
  const sockets = await attacker.open(count);
  for (const [n, socket] of sockets.entries()) socket.write(bytes(n));
  attacker.drip(sockets, 250);
  await delay(1500);
  return sockets;
}

describe('while one trap attacks over HTTP, the crops of others are durable within 2 s:', () => {
  it('150 crops that drip, with and without a length; health says degraded, and who', async () => {
    await attack(150, (n) =>
      head(
        'PUT',
        `/api/v1/traps/bad-1/runs/r${n}/crops/c1`,
        asBad(),
        n % 2 ? `Content-Length: ${MIB}` : 'Transfer-Encoding: chunked',
        ...(n % 3 ? [] : ['Expect: 100-continue']),
      ),
    );
    await othersMeanwhile('150 crops drip');
    const { status, checks } = await ready();
    expect(status).toBe('degraded');
    expect(checks['intake']?.reason).toContain('bad-1');
  });

  it('forms that drip, to be stored and to be classified', async () => {
    await attack(150, (n) =>
      Buffer.concat([
        head(
          'POST',
          n % 2 ? `/classify/${n}` : '/api/v1/predict',
          asBad(),
          `Content-Length: ${100 * MIB}`,
          'Content-Type: multipart/form-data; boundary=x',
        ),
        Buffer.from('--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'),
      ]),
    );
    await othersMeanwhile('150 forms drip');
  });

  it('JSON that drips, of nobody and of a trap', async () => {
    await attack(150, (n) =>
      head(
        'POST',
        '/api/v1/auth/login',
        'Content-Type: application/json',
        'Content-Length: 90000',
        ...(n % 2 ? [asBad()] : []),
      ),
    );
    await othersMeanwhile('150 JSON bodies drip');
  });

  it('150 readers of an archive that read nothing', async () => {
    for (let n = 0; n < 40; n++)
      await station.get(`/api/v1/traps/trap-1/runs/zip/crops/c${n}`, {
        method: 'PUT',
        body: Buffer.concat([await crop('red', n), Buffer.alloc(500_000, n)]),
      });
    const made = await station.get('/api/v1/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'reader', role: 'viewer' }),
    });
    const { key } = (await made.json()) as { key: string };
    attacker = new Attacker(port());
    const sockets = await attacker.open(150);
    for (const socket of sockets) {
      socket.pause();
      socket.write(head('GET', '/api/v1/downloads/images.zip', `Authorization: Bearer ${key}`));
    }
    await delay(500);
    await othersMeanwhile('150 do not read');
    expect((await ready()).checks['intake']?.reason).toContain('reader');
  });
});

it('1,500 connections that ask for nothing or drip their head turn nobody away', async () => {
  await attack(1500, (n) => Buffer.from(n % 2 ? '' : 'GET / HTTP/1.1\r\nX: '), '127.0.0.8');
  await othersMeanwhile('1,500 are silent or drip their head');
  const { status, checks } = await ready();
  expect(status).toBe('degraded');
  expect(checks['intake']?.reason).toContain('127.0.0.8');
});

it('a trap with a bad connection gets its crop through while another one of its address attacks', async () => {
  await attack(150, (n) =>
    head('PUT', `/api/v1/traps/bad-1/runs/s${n}/crops/c1`, asBad(), `Content-Length: ${MIB}`),
  );
  const bytes = Buffer.concat([await crop('blue', 7), Buffer.alloc(20_000)]);
  const slow = new Attacker(port());
  const [socket] = await slow.open(1);
  if (!socket) throw new Error('no socket');
  socket.write(
    head(
      'PUT',
      '/api/v1/traps/trap-1/runs/gsm/crops/c1',
      `Authorization: ${basic('trap-1', station.trapPassword)}`,
      `Content-Length: ${bytes.length}`,
    ),
  );
  const answered = once(socket, 'data');
  for (let at = 0; at < bytes.length; at += 500) {
    socket.write(bytes.subarray(at, at + 500));
    await delay(250);
  }
  const [answer] = await answered;
  expect(String(answer)).toContain('HTTP/1.1 201');
  slow.end();
});
