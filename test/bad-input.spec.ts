import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { announcingJpeg, announcingPng, flatWebp, manyScans } from './fixtures/hostile-images.js';
import { colourModel } from './fixtures/model.js';
import { deadLetters, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});

afterAll(async () => {
  await trap.close();
  await station.remove();
});

/** What became of a message that was acknowledged although it cannot be taken. */
async function letter(code: string, topicPart: string) {
  return eventually(async () =>
    (await deadLetters(station)).find((dead) => dead.code === code && dead.topic.includes(topicPart)),
  );
}

/** After whatever was sent, a run goes its usual way. */
async function stillWorks(run: string): Promise<void> {
  await trap.crop(run, 'c0', await crop('red', 99));
  await trap.end(run, { crops: 1 });
  await eventually(() => trap.answers(run, 'result').at(-1));
}

/** A PNG whose header announces 10,000 × 6,000 pixels: 60 megapixels in some kilobytes. */
const pixelBomb = () =>
  sharp({ create: { width: 10_000, height: 6_000, channels: 3, background: 'black' } })
    .png({ compressionLevel: 9 })
    .toBuffer();

describe('a crop that cannot be taken', () => {
  it('lets the receipt go out at once where it was the last that the run waited for', async () => {
    await trap.crop('refused-last', 'c1', await crop('red', 7));
    await trap.end('refused-last', { crops: 2 });
    await trap.crop('refused-last', 'c2', Buffer.from('no image, though it came behind the end'));
    // Much sooner than an incomplete run is told of, which takes a minute.
    const receipt = await eventually(() => trap.answers('refused-last', 'receipt').at(-1));
    expect(receipt).toMatchObject({
      state: 'complete',
      have: 1,
      rejected: [{ crop: 'c2', code: 'not-an-image' }],
    });
  });

  const cases: [code: string, crop: string, bytes: () => Promise<Buffer> | Buffer][] = [
    ['not-an-image', 'text', () => Buffer.from('this is not an image at all, though it is long enough')],
    ['empty', 'nothing', () => Buffer.alloc(0)],
    ['too-large', 'large', async () => Buffer.concat([await crop('red', 1), Buffer.alloc(1_048_600)])],
    ['too-many-pixels', 'bomb', pixelBomb],
    ['too-many-pixels', 'thin', () => announcingPng(1, 39_999_999)],
    ['too-many-pixels', 'long', async () => announcingJpeg(65_500, 10)],
    ['too-many-pixels', 'empty-png', () => announcingPng(6000, 6000)],
    ['too-many-pixels', 'empty-jpeg', async () => announcingJpeg(6000, 6000)],
    ['too-many-pixels', 'flat-webp', async () => flatWebp(16_000, 2400)],
    ['too-many-pixels', 'scans', async () => manyScans(3000, 3000, 2000)],
    ['not-an-image', 'gif', () => Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(100, 1)])],
  ];
  for (const [code, id, bytes] of cases) {
    it(`is set aside as ${code} and told to the trap (${id})`, async () => {
      await trap.crop('bad-crops', id, await bytes());
      await letter(code, `/${id}`);
      await eventually(() =>
        trap.problems.find(
          (problem) => problem['code'] === code && String(problem['topic']).endsWith(`/${id}`),
        ),
      );
      await stillWorks(`after-${id}`);
    });
  }

  it('is set aside as crop-conflict where its id has other bytes, and the first stay', async () => {
    const [first, second] = await Promise.all([crop('red', 1), crop('green', 2)]);
    await trap.crop('conflict', 'c0', first as Buffer);
    await trap.crop('conflict', 'c0', second as Buffer);
    await letter('crop-conflict', 'conflict');
    const image = await eventually(async () => {
      const response = await station.get('/api/v1/runs/trap-1/conflict/crops/c0');
      return response.ok && Buffer.from(await response.arrayBuffer());
    });
    expect(image.equals(first as Buffer)).toBe(true);
  });

  it('is set aside as hash-mismatch where the manifest announced other bytes, and taken when the right ones come', async () => {
    const right = await crop('red', 5);
    const sha256 = createHash('sha256').update(right).digest('hex');
    await trap.end('hashes', { crops: 1, manifest: [{ crop: 'c0', sha256 }] });
    await trap.crop('hashes', 'c0', await crop('green', 6));
    await letter('hash-mismatch', 'hashes');
    await trap.end('hashes', { crops: 1, manifest: [{ crop: 'c0', sha256 }] });
    expect(trap.answers('hashes', 'receipt').filter(({ state }) => state === 'complete')).toEqual([]);
    await trap.crop('hashes', 'c0', right);
    expect(
      await eventually(() => trap.answers('hashes', 'receipt').find(({ state }) => state === 'complete')),
    ).toMatchObject({ have: 1 });
  });

  it('is told of as crop-conflict where it is stored and the manifest that comes behind announces other bytes', async () => {
    const announced = await crop('green', 8);
    await trap.crop('behind', 'c0', await crop('red', 7));
    const sha256 = createHash('sha256').update(announced).digest('hex');
    await trap.end('behind', { crops: 1, manifest: [{ crop: 'c0', sha256 }] });
    const receipt = await eventually(() => trap.answers('behind', 'receipt').at(-1));
    expect(receipt).toMatchObject({
      state: 'complete',
      rejected: [{ crop: 'c0', code: 'crop-conflict' }],
    });
    await trap.crop('behind', 'c0', announced);
    await trap.crop('behind', 'c0', await crop('blue', 9));
    await eventually(() => trap.problems.filter(({ topic }) => `${topic}`.includes('/behind/')).length === 2);
    const told = trap.problems.filter(({ topic }) => `${topic}`.includes('/behind/'));
    expect(told.map(({ code }) => code)).toEqual(['crop-conflict', 'crop-conflict']);
  });

  it('is stored, marked and classified all the same where only its end is missing', async () => {
    const whole = await sharp({
      create: { width: 200, height: 200, channels: 3, background: { r: 210, g: 30, b: 25 } },
    })
      .jpeg({ quality: 100 })
      .toBuffer();
    await trap.crop('truncated', 'c0', whole.subarray(0, Math.round(whole.length * 0.7)));
    await trap.end('truncated', { crops: 1 });
    await eventually(() => trap.answers('truncated', 'receipt').at(-1));
    const run = await findRun(station, 'trap-1', 'truncated');
    expect(run.crops[0]).toMatchObject({ cropId: 'c0', truncated: true });
    await stillWorks('after-truncated');
  });
});

describe('a crop with something behind its end', () => {
  it.each([
    ['jpeg', 'zeros', () => Buffer.alloc(32_768)],
    ['jpeg', 'another-picture', () => crop('green', 3)],
    ['png', 'zeros', () => Buffer.alloc(32_768)],
    ['webp', 'zeros', () => Buffer.alloc(32_768)],
  ] as const)('is whole (%s, %s), comes back byte for byte and is classified', async (format, what, tail) => {
    const whole = await sharp(await crop('red', 4))
      .toFormat(format)
      .toBuffer();
    const run = `tail-${format}-${what}`;
    const bytes = Buffer.concat([whole, await tail()]);
    await trap.crop(run, 'c0', bytes);
    await trap.end(run, { crops: 1 });
    expect(await eventually(() => trap.answers(run, 'result').at(-1))).toMatchObject({ label: 'red' });
    expect((await findRun(station, 'trap-1', run)).crops[0]).toMatchObject({ truncated: false });
    const back = await station.get(`/api/v1/runs/trap-1/${run}/crops/c0`);
    expect(Buffer.from(await back.arrayBuffer()).equals(bytes)).toBe(true);
  });
});

describe('a message that cannot be taken', () => {
  const cases: [code: string, what: string, topic: string, payload: string][] = [
    ['bad-json', 'is no JSON', 'runs/json-1/meta', '{"v":1,'],
    [
      'bad-payload',
      'holds a NUL character',
      'runs/json-2/meta',
      '{"v":1,"start":"2026-06-01T10:00:00Z","note":"\\u0000"}',
    ],
    ['bad-payload', 'has a known field of the wrong type', 'runs/json-3/meta', '{"v":1,"start":17}'],
    [
      'bad-payload',
      'lacks its version',
      'runs/json-4/end',
      '{"status":"complete","end":"2026-06-01T10:00:00Z","crops":1}',
    ],
    [
      'bad-payload',
      'has a box outside of the frame',
      'runs/json-5/end',
      '{"v":1,"status":"complete","end":"2026-06-01T10:00:00Z","crops":1,"manifest":[{"crop":"c0","box":[0,0,2,1]}]}',
    ],
    ['bad-id', 'has .. for an id', 'runs/../crops/c0', 'x'],
    ['bad-id', 'has an id that would be a hidden file', 'runs/.hidden/crops/c0', 'x'],
    ['bad-topic', 'has a topic of no contract', 'runs/r1/nonsense', '{}'],
    ['wrong-direction', 'has a topic of the service', 'runs/r1/receipt', '{}'],
  ];
  for (const [code, what, path, payload] of cases) {
    it(`is set aside as ${code} where it ${what}`, async () => {
      await trap.publish(path, payload);
      expect((await letter(code, path)).message.length).toBeGreaterThan(10);
    });
  }

  it('is answered with a rejected receipt where it is an end', async () => {
    await trap.publish(
      'runs/bad-end/end',
      '{"v":1,"status":"complete","end":"2026-06-01T10:00:00Z","crops":-1}',
    );
    await letter('bad-payload', 'bad-end');
    expect(await eventually(() => trap.answers('bad-end', 'receipt').at(-1))).toMatchObject({
      state: 'rejected',
    });
  });

  it('names the field and what would be right', async () => {
    await trap.publish('runs/fields/meta', '{"v":1,"start":"yesterday"}');
    expect(await letter('bad-payload', 'runs/fields/')).toMatchObject({
      field: 'start',
      message: expect.stringMatching(/ISO 8601|time/i),
    });
  });

  it('is set aside as foreign-topic where it belongs to another trap, reaches nobody, and the trap stays connected', async () => {
    const password = await station.addTrap('trap-2');
    const other = await Trap.connect('trap-2', password, station.mqttPort);
    const raw = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
      username: 'trap-2',
      password,
      clientId: 'foreigner',
    });
    await raw.publishAsync('traps/v1/trap-1/runs/stolen/crops/c0', await crop('red', 7), { qos: 1 });
    await letter('foreign-topic', 'stolen');
    expect((await station.get('/api/v1/runs/trap-1/stolen')).status).toBe(404);
    expect(raw.connected).toBe(true);
    await raw.endAsync(true);
    await other.close();
  });
});

describe('a client that may not come in', () => {
  it('is turned away without credentials, with a wrong password and with the password of another', async () => {
    const url = `mqtt://127.0.0.1:${station.mqttPort}`;
    const password = await station.addTrap('trap-3');
    for (const login of [{}, { username: 'trap-1', password: 'guess' }, { username: 'trap-1', password }]) {
      await expect(connectAsync(url, { ...login, reconnectPeriod: 0 }, false)).rejects.toThrow(
        /refused|not authorized/i,
      );
    }
  });

  it('is disconnected when its account is removed', async () => {
    const password = await station.addTrap('trap-4');
    const client = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
      username: 'trap-4',
      password,
      reconnectPeriod: 0,
    });
    await station.command('trap', 'remove', 'trap-4');
    await eventually(() => !client.connected);
  });

  it('does not make memory grow by announcing 250 MB before it has said who it is', async () => {
    const rssMb = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(join('/proc', String(station.pid), 'status'), 'utf8'))?.[1]) /
      1024;
    const before = rssMb();
    const socket = connectSocket(station.mqttPort, '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // CONNECT with a remaining length of 250 MB
    socket.write(Buffer.from([0x10, 0x80, 0xe5, 0x9a, 0x77]));
    for (let i = 0; i < 250 && !socket.destroyed; i += 1) {
      socket.write(Buffer.alloc(1_000_000));
      await delay(1);
    }
    await closed;
    expect(rssMb() - before).toBeLessThan(40);
    await stillWorks('after-250-mb');
  });
});
