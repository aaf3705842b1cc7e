import { once } from 'node:events';
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { type Answer, HttpTrap } from './fixtures/http-trap.js';
import { Ledger } from './fixtures/ledger.js';
import { rssMb } from './fixtures/memory.js';
import { colourModel } from './fixtures/model.js';
import { deadLetters, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: HttpTrap;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel(), TRAPLINE_TIME_ZONE: 'Europe/Berlin' });
  trap = new HttpTrap('trap-1', station.trapPassword, station);
});
afterAll(() => station.remove());

const typeOf = ({ body }: Answer): string => String(body.type).split(':').at(-1) ?? '';
const letterOf = async (topicPart: string) =>
  (await deadLetters(station)).find(({ topic }) => topic.includes(topicPart));

describe('a trap without MQTT', () => {
  it('sends a run, gets its receipt, and the run becomes an observation', async () => {
    const taken = await trap.meta('whole', { start: '2026-06-01T12:00:00', trackId: 7, crops: 2 });
    expect(taken).toMatchObject({
      status: 200,
      body: { links: { receipt: expect.stringContaining('/receipt') } },
    });
    expect(await trap.receipt('whole')).toMatchObject({ status: 404 });
    expect((await trap.crop('whole', '0001', await crop('red', 1))).status).toBe(201);

    const manifest = [{ crop: '0001', confidence: 0.8 }, { crop: '0002' }];
    const first = await trap.end('whole', { crops: 2, manifest });
    expect(first).toMatchObject({ status: 200, body: { state: 'incomplete', have: 1, missing: ['0002'] } });

    expect((await trap.crop('whole', '0002', await crop('red', 2))).status).toBe(201);
    expect(await trap.receipt('whole')).toMatchObject({
      status: 200,
      body: { state: 'complete', missing: [] },
    });
    const run = await eventually(async () => {
      const seen = await findRun(station, 'trap-1', 'whole');
      return seen.observation?.final && seen;
    });
    expect(run).toMatchObject({
      start: '2026-06-01T10:00:00.000Z',
      trackId: '7',
      status: 'complete',
      storedCrops: 2,
      observation: { label: 'red', crops: 2 },
    });
  });

  it('is told of what it sends: new, the same again, or other bytes, which do not replace the first', async () => {
    const [bytes, others] = [await crop('red', 10), await crop('green', 11)];
    const stored = await trap.crop('again', 'c0', bytes);
    expect(stored).toMatchObject({ status: 201, body: { bytes: bytes.length } });
    expect(stored.headers.get('location')).toBe('/api/v1/runs/trap-1/again/crops/c0');
    expect((await trap.crop('again', 'c0', bytes)).status).toBe(200);
    const conflict = await trap.crop('again', 'c0', others);
    expect([conflict.status, typeOf(conflict)]).toEqual([409, 'crop-conflict']);
    const image = await station.get('/api/v1/runs/trap-1/again/crops/c0');
    expect(Buffer.from(await image.arrayBuffer())).toEqual(bytes);
  });

  it('sends its session, its readings and what it is', async () => {
    const session = { v: 1, start: '2026-06-01T10:00:00Z', minutes: 40 };
    expect((await trap.send('PUT', 'sessions/s-1', session)).status).toBe(204);
    const reading = { v: 1, at: '2026-06-01T10:00:00Z', batteryPct: 81 };
    expect((await trap.send('POST', 'telemetry', reading)).status).toBe(204);
    expect((await trap.send('PUT', 'info', { v: 1, software: 'own 1.0' })).status).toBe(204);
    const { items } = await station.json<{ items: unknown[] }>('/api/v1/sessions?trap=trap-1');
    expect(items).toMatchObject([{ sessionId: 's-1', minutes: 40 }]);
    const seen = await eventually(async () => {
      const found = await station.json<{ lastMessageAt: string | null }>('/api/v1/traps/trap-1');
      return found.lastMessageAt !== null && found;
    });
    expect(seen).toMatchObject({
      telemetry: { readings: { batteryPct: 81 } },
      device: { software: 'own 1.0' },
    });
  });

  it('sends to the same runs as its neighbour sends over MQTT', async () => {
    const mqtt = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    try {
      await mqtt.crop('both', 'c0', await crop('blue', 1));
      expect((await trap.crop('both', 'c0', await crop('blue', 1))).status).toBe(200);
      expect((await trap.crop('both', 'c1', await crop('blue', 2))).status).toBe(201);
      await trap.end('both', { crops: 2 });
      await eventually(() => mqtt.answers('both', 'receipt').find(({ state }) => state === 'complete'));
    } finally {
      await mqtt.close();
    }
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain', ''])(
    'may call a picture %p: its bytes are what counts',
    async (type) => {
      const id = `typed-${type.length}`;
      const sent = await trap.send('PUT', `runs/types/crops/${id}`, await crop('red', type.length), {
        'Content-Type': type,
      });
      expect(sent.status).toBe(201);
    },
  );
});

describe('what can never be taken', () => {
  const bomb = () =>
    sharp({ create: { width: 10_000, height: 6_000, channels: 3, background: 'black' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
  const large = async () => Buffer.concat([await crop('red', 1), Buffer.alloc(1_048_600)]);
  const cases: [status: number, code: string, path: string, bytes: () => Promise<Buffer> | Buffer][] = [
    [
      415,
      'not-an-image',
      'runs/bad/crops/text',
      () => Buffer.from('this is no image, though it is long enough'),
    ],
    [422, 'empty', 'runs/bad/crops/nothing', () => Buffer.alloc(0)],
    [422, 'too-many-pixels', 'runs/bad/crops/bomb', bomb],
    [413, 'too-large', 'runs/bad/crops/large', large],
    [422, 'bad-id', 'runs/.hidden/crops/c0', () => Buffer.from('x')],
    [422, 'bad-topic', 'runs/a%2F..%2Fb/crops/c0', () => Buffer.from('x')],
    [422, 'bad-json', 'runs/json', () => Buffer.from('{"v":1,')],
    [422, 'bad-payload', 'runs/no-version/end', () => Buffer.from('{"status":"complete"}')],
  ];
  it.each(cases)(
    'is answered with %i and %s, and kept with its sender: %s',
    async (status, code, path, bytes) => {
      const sent = await bytes();
      const answer = await trap.send('PUT', path, sent);
      expect([answer.status, typeOf(answer)]).toEqual([status, code]);
      expect(answer.body.detail.length).toBeGreaterThan(10);
      const letter = await letterOf(`traps/v1/trap-1/${decodeURIComponent(path)}`);
      expect(letter).toMatchObject({ code, client: 'trap-1', bytes: sent.length });
    },
  );

  it('names the field and what would be right', async () => {
    const answer = await trap.meta('fields', { start: 'yesterday' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'start' }] } });
  });

  /** A request as no good client sends it. @returns what was answered before the connection ended, if anything */
  const rawPut = async (
    path: string,
    length: string,
    body: (socket: Socket) => Promise<void>,
  ): Promise<string> => {
    const socket = connect(Number(new URL(station.http).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.write(
      `PUT /api/v1/traps/trap-1/${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${station.trapPassword}\r\n${length}\r\n\r\n`,
    );
    await body(socket);
    await eventually(() => answer.length > 0);
    socket.destroy();
    return answer;
  };

  it('is not read where it announces more than is taken', async () => {
    const answer = await rawPut('runs/bad/crops/huge', 'Content-Length: 10000000000', async () => {});
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('does not make memory grow where nobody knows how much will come', async () => {
    const before = rssMb(station.pid);
    const chunk = Buffer.concat([Buffer.from('f4240\r\n'), Buffer.alloc(1_000_000), Buffer.from('\r\n')]);
    const answer = await rawPut('runs/bad/crops/endless', 'Transfer-Encoding: chunked', async (socket) => {
      for (let i = 0; i < 250 && !socket.destroyed; i += 1) {
        if (!socket.write(chunk)) await once(socket, 'drain').catch(() => {});
      }
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(rssMb(station.pid) - before).toBeLessThan(60);
    expect((await trap.crop('after-endless', 'c0', await crop('red', 5))).status).toBe(201);
  });
});

describe('who sends', () => {
  const put = async (key: string | undefined, trapId: string) => {
    const answer = await fetch(`${station.http}/api/v1/traps/${trapId}/runs/who/crops/c0`, {
      method: 'PUT',
      headers: key ? { Authorization: `Bearer ${key}` } : {},
      body: new Uint8Array(await crop('red', 20)),
    });
    return answer.status;
  };

  it('is a trap for itself, or an administrator for any', async () => {
    const other = await station.addTrap('trap-2');
    const key = async (role: string) =>
      (await station.command<{ key: string }>('key', 'create', '--role', role, '--name', role, '--json')).key;
    expect(await put(undefined, 'trap-1')).toBe(401);
    expect(await put('made-up', 'trap-1')).toBe(401);
    expect(await put(other, 'trap-1')).toBe(403);
    expect(await put(await key('viewer'), 'trap-1')).toBe(403);
    expect(await put(await key('editor'), 'trap-1')).toBe(403);
    expect(await put(other, 'trap-2')).toBe(201);
    expect(await put(station.adminKey, 'trap-2')).toBe(200);
    expect((await station.get('/api/v1/runs/trap-1/who')).status).toBe(404);
  });

  it('reads the receipts of its own runs only', async () => {
    await trap.end('mine', { crops: 0 });
    const other = new HttpTrap('trap-1', await station.addTrap('trap-3'), station);
    expect((await trap.receipt('mine')).status).toBe(200);
    expect((await other.receipt('mine')).status).toBe(403);
    expect((await station.get('/api/v1/traps/trap-1/runs/mine/receipt')).status).toBe(200);
  });
});

describe('a dead letter', () => {
  const retry = async (id: string) => {
    const answer = await station.get(`/api/v1/dead-letters/${id}/retry`, { method: 'POST' });
    return { status: answer.status, body: await answer.json() };
  };

  it('is taken when what was wrong is right now, and is gone then', async () => {
    const bytes = await crop('green', 30);
    const { createHash } = await import('node:crypto');
    const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');
    await trap.end('retried', {
      crops: 1,
      manifest: [{ crop: 'c0', sha256: hashOf(await crop('red', 31)) }],
    });
    expect((await trap.crop('retried', 'c0', bytes)).status).toBe(422);
    const letter = await letterOf('runs/retried/crops/c0');
    expect(await retry(letter?.id ?? '')).toMatchObject({
      status: 422,
      body: { type: 'urn:trapline:problem:hash-mismatch' },
    });
    await trap.end('retried', { crops: 1, manifest: [{ crop: 'c0', sha256: hashOf(bytes) }] });
    expect(await retry(letter?.id ?? '')).toMatchObject({ status: 200, body: { outcome: 'stored' } });
    expect((await retry(letter?.id ?? '')).status).toBe(404);
    const image = await station.get('/api/v1/runs/trap-1/retried/crops/c0');
    expect(Buffer.from(await image.arrayBuffer())).toEqual(bytes);
    expect(await trap.receipt('retried')).toMatchObject({ body: { state: 'complete' } });
  });

  it('stays where it is refused again, and where not all of its bytes were kept', async () => {
    await trap.send('PUT', 'runs/refused/crops/c0', 'this is no image, though it is long enough');
    const refused = await letterOf('runs/refused/crops/c0');
    expect(await retry(refused?.id ?? '')).toMatchObject({ status: 415 });
    expect(await letterOf('runs/refused/crops/c0')).toMatchObject({ code: 'not-an-image', times: 1 });

    await trap.send(
      'PUT',
      'runs/refused/crops/c1',
      Buffer.concat([await crop('red', 1), Buffer.alloc(1_048_600)]),
    );
    const cut = await letterOf('runs/refused/crops/c1');
    expect(await retry(cut?.id ?? '')).toMatchObject({
      status: 409,
      body: { type: 'urn:trapline:problem:bytes-not-kept' },
    });
    expect((await station.get('/api/v1/runs/trap-1/refused/crops/c1')).status).toBe(404);
  });

  it('that belongs to another trap is not taken, however often', async () => {
    const password = await station.addTrap('trap-5');
    const foreigner = await Trap.connect('trap-5', password, station.mqttPort);
    await foreigner.publish('../trap-1/runs/foreign/crops/c0', await crop('red', 40)).catch(() => {});
    await foreigner.close();
    const letter = await eventually(() => letterOf('foreign'));
    expect((await retry(letter.id)).status).toBe(422);
    expect((await station.get('/api/v1/runs/trap-1/foreign')).status).toBe(404);
  });

  it('is deleted for good', async () => {
    await trap.send('PUT', 'runs/deleted/crops/c0', 'this is no image, though it is long enough');
    const letter = await letterOf('runs/deleted/crops/c0');
    const remove = () => station.get(`/api/v1/dead-letters/${letter?.id}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect(await letterOf('runs/deleted/crops/c0')).toBeUndefined();
    expect((await remove()).status).toBe(404);
  });
});

/** CI kills more often: see `.ci/run`. */
const KILLS = Math.min(4, Number(process.env['TRAPLINE_TEST_KILLS'] ?? 2));
const SENDERS = 6;
const ANSWERED_BETWEEN = 25;

describe(`${KILLS} kills in the middle of uploads`, () => {
  it('lose nothing that was answered', async () => {
    const killed = await Station.start();
    const ledger = new Ledger();
    let killing = true;
    try {
      const sender = new HttpTrap('trap-1', killed.trapPassword, killed);
      const send = async (lane: number) => {
        for (let n = 0; killing; n += 1) {
          const bytes = await crop('blue', lane * 100_000 + n);
          const answer = await sender.crop(`run-${lane}`, `c-${n}`, bytes).catch(() => undefined);
          if (answer && answer.status < 300) ledger.acknowledged(`trap-1/run-${lane}/c-${n}`, bytes);
          else await delay(20);
        }
      };
      const sending = Promise.all(Array.from({ length: SENDERS }, (_, lane) => send(lane)));
      for (let kills = 0; kills < KILLS; kills += 1) {
        // However slow the machine is: something was answered since the last one, and more is under way.
        const enough = ledger.size + ANSWERED_BETWEEN;
        await eventually(() => ledger.size >= enough);
        await delay(Math.random() * 200);
        await killed.kill();
        await killed.start();
      }
      killing = false;
      await sending;
      expect(ledger.size).toBeGreaterThanOrEqual(KILLS * ANSWERED_BETWEEN);
      const lost = () =>
        ledger.differences(killed).then((found) => found.filter((line) => !line.endsWith('was never sent')));
      // What is in the inbox still gets its plain file.
      await eventually(async () => (await lost()).length === 0);
      expect(await lost()).toEqual([]);
    } finally {
      killing = false;
      await killed.remove();
    }
  }, 120_000);
});

describe('SIGTERM in the middle of uploads', () => {
  it('ends the service in good order, and what was answered is there', async () => {
    const stopped = await Station.start();
    const ledger = new Ledger();
    let sending = true;
    try {
      const sender = new HttpTrap('trap-1', stopped.trapPassword, stopped);
      const lanes = Array.from({ length: SENDERS }, async (_, lane) => {
        for (let n = 0; sending; n += 1) {
          const bytes = await crop('green', lane * 100_000 + n);
          const answer = await sender.crop(`run-${lane}`, `c-${n}`, bytes).catch(() => undefined);
          if (answer && answer.status < 300) ledger.acknowledged(`trap-1/run-${lane}/c-${n}`, bytes);
          else await delay(20);
        }
      });
      await eventually(() => ledger.size > 50);
      expect(await stopped.stop()).toBe(0);
      sending = false;
      await Promise.all(lanes);
      expect(stopped.output).not.toMatch(/"level":(50|60)/);
      await stopped.start();
      await eventually(
        async () => !(await ledger.differences(stopped)).some((line) => !line.endsWith('was never sent')),
      );
    } finally {
      sending = false;
      await stopped.remove();
    }
  }, 120_000);
});

/** A file system in memory, so that a few megabytes more or less are seen and no real disk is filled. */
const SMALL_DISK = '/dev/shm';
const BALLAST_MB = 96;
const smallDisk = existsSync(SMALL_DISK);

describe('a disk under its reserve', () => {
  (smallDisk ? it : it.skip)(
    `is told to senders at once, and nothing is taken until there is room${smallDisk ? '' : ` (skipped: no ${SMALL_DISK})`}`,
    async () => {
      const { bavail, bsize } = statfsSync(SMALL_DISK);
      const reserveMb = (bavail * bsize) / 1e6 - BALLAST_MB / 2;
      const full = await Station.start({ TRAPLINE_DISK_RESERVE_MB: String(reserveMb) }, SMALL_DISK);
      const ballast = join(full.dataDir, 'ballast');
      try {
        const sender = new HttpTrap('trap-1', full.trapPassword, full);
        writeFileSync(ballast, Buffer.alloc(BALLAST_MB * 1e6, 1));
        await eventually(async () => (await fetch(`${full.http}/health/ready`)).status === 503);
        for (const answer of [
          await sender.crop('during', 'c0', await crop('red', 1)),
          await sender.meta('during', { start: '2026-06-01T10:00:00Z' }),
          await sender.crop('during', 'c1', Buffer.from('this is no image, though it is long enough')),
        ]) {
          expect([answer.status, typeOf(answer)]).toEqual([507, 'disk-full']);
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        }
        expect((await full.get('/api/v1/runs/trap-1/during')).status).toBe(404);
        expect(await deadLetters(full)).toEqual([]);
        rmSync(ballast);
        await eventually(
          async () => (await sender.crop('during', 'c0', await crop('red', 1))).status === 201,
        );
      } finally {
        await full.remove();
      }
    },
    120_000,
  );
});
