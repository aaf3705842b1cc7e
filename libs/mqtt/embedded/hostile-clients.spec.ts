import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { generate } from 'mqtt-packet';
import { WebSocket } from 'ws';
import type { Message } from '../message.js';
import { CROP, closeAll, closed, connect, hello, openBroker, publish, rawClient } from '../spec-broker.js';
import { until } from '../spec-until.js';
import type { EmbeddedBroker } from './embedded-broker.js';
import { writeFixedHeader } from './fixed-header.js';

afterEach(closeAll);

const MIB = 1024 * 1024;
const CONNECT = 0x10;
const PUBLISH_QOS1 = 0x32;
const publishHeader = (announced: number, topic = CROP) => {
  const name = Buffer.from(topic);
  const length = Buffer.from([name.length >> 8, name.length & 0xff]);
  return Buffer.concat([writeFixedHeader(PUBLISH_QOS1, announced), length, name, Buffer.from([0, 9])]);
};

async function stillServes(broker: EmbeddedBroker): Promise<void> {
  const trap = await connect(broker, 'meadow', { clientId: 'witness' });
  await trap.publishAsync(CROP, 'jpeg', { qos: 1 });
}

describe('a hostile client', () => {
  it.each([
    ['250 MB announced before the CONNECT', writeFixedHeader(PUBLISH_QOS1, 250 * MIB)],
    ['a CONNECT of 250 MB', writeFixedHeader(CONNECT, 250 * MIB)],
    ['a remaining length that does not end', Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff, 0x7f])],
    ['a PUBLISH before the CONNECT', generate(publish(1) as never)],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: trap\r\n\r\n')],
    ['zeros', Buffer.alloc(1000)],
    ['another protocol name', Buffer.from([0x10, 12, 0, 4, 0x45, 0x56, 0x49, 0x4c, 4, 2, 0, 60, 0, 0])],
  ])('is disconnected for %s', async (_name, bytes) => {
    const broker = await openBroker(async () => true);
    const { socket } = await rawClient(broker);
    socket.write(bytes);
    await closed(socket);
    await stillServes(broker);
  });

  it.each([
    ['an empty topic', ''],
    ['a wildcard in the topic', 'traps/v1/meadow/+'],
    ['U+0000 in the topic', 'traps/v1/meadow/\0'],
    ['a thousand levels in the topic', 'a/'.repeat(1000)],
  ])('is disconnected for %s', async (_name, topic) => {
    const broker = await openBroker(async () => true);
    const { socket, send } = await rawClient(broker);
    const name = Buffer.from(topic);
    send(hello('a'));
    const body = Buffer.concat([
      Buffer.from([name.length >> 8, name.length & 0xff]),
      name,
      Buffer.from([0, 1]),
    ]);
    socket.write(Buffer.concat([writeFixedHeader(PUBLISH_QOS1, body.length), body]));
    await closed(socket);
    await stillServes(broker);
    expect(broker.stats.bytesHeld).toBe(0);
  });

  it('costs no memory by sending what it announced, however much', async () => {
    const broker = await openBroker(async () => true);
    const before = process.memoryUsage().rss;
    const { socket } = await rawClient(broker);
    const chunk = Buffer.alloc(MIB);
    socket.write(writeFixedHeader(CONNECT, 250 * MIB));
    for (let i = 0; i < 250 && !socket.destroyed; i++) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed(socket)]);
    }
    expect(socket.destroyed).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * MIB);
    expect(broker.stats.tooLargeAnnounced).toBe(1);
  });

  it('gets its oversized message cut, refused and acknowledged once it is accepted', async () => {
    const messages: Message[] = [];
    const broker = await openBroker(
      async (message) => {
        messages.push(message);
        return true;
      },
      { maxPacketBytes: 100_000 },
    );
    const before = process.memoryUsage().rss;
    const trap = await connect(broker, 'meadow');
    const observer = await connect(broker, 'observer');
    const seen: string[] = [];
    observer.on('message', (topic) => seen.push(topic));
    await observer.subscribeAsync('traps/v1/#', { qos: 1 });
    await trap.publishAsync(CROP, Buffer.alloc(30 * MIB, 1), { qos: 1 });
    await trap.publishAsync(`${CROP}-next`, 'jpeg', { qos: 1 });
    await until(() => seen.length > 0);
    expect(messages[0]?.truncatedFrom).toBeGreaterThan(30 * MIB);
    expect(messages[0]?.payload.length).toBeLessThan(100_000);
    expect(messages[0]?.payload.length).toBeGreaterThan(99_000);
    expect(messages[1]).toMatchObject({ topic: `${CROP}-next` });
    expect(seen).toEqual([`${CROP}-next`]);
    // The sender lives in this process, too: its own 30 MiB, and a copy on the way out.
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
  });

  it('may pipeline behind its CONNECT, byte by byte', async () => {
    const messages: Message[] = [];
    const broker = await openBroker(
      async (message) => {
        messages.push(message);
        return true;
      },
      { authenticate: () => delay(30, { user: 'meadow' }) },
    );
    const { socket, packets } = await rawClient(broker);
    socket.setNoDelay(true);
    const bytes = Buffer.concat(
      [hello('a'), ...Array.from({ length: 60 }, (_, i) => publish(i + 1))].map((packet) =>
        generate(packet as never),
      ),
    );
    for (const byte of bytes.subarray(0, 150)) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    socket.write(bytes.subarray(150));
    await until(() => packets.length === 61);
    expect(packets.slice(1).every(({ cmd }) => cmd === 'puback')).toBe(true);
    expect(messages).toHaveLength(60);
  });

  it('cannot fill the memory: a hundred of them wait while nothing is settled', async () => {
    let isOpen = false;
    const waiting: ((isSettled: boolean) => void)[] = [];
    const broker = await openBroker(
      () => (isOpen ? Promise.resolve(true) : new Promise((resolve) => waiting.push(resolve))),
      // One account has an eighth of what is in flight.
      { maxInFlight: 64, maxBytesHeld: 4 * MIB, maxConnectionsPerAccount: 100 },
    );
    const message = generate(publish(1, { payload: Buffer.alloc(100_000) }) as never);
    const clients = await Promise.all(Array.from({ length: 100 }, () => rawClient(broker)));
    clients.forEach(({ socket }, i) => {
      socket.write(generate(hello(`c${i}`) as never));
      // One buffer for all of them: the senders live in this process, too.
      for (let n = 0; n < 20; n++) socket.write(message);
    });
    await until(() => broker.stats.inFlight === 8);
    await delay(200);
    expect(broker.stats.maxInFlightSeen).toBe(8);
    expect(broker.stats.received).toBeLessThan(50);
    expect(broker.stats.bytesHeld).toBeLessThanOrEqual(4 * MIB);
    isOpen = true;
    for (const settle of waiting) settle(true);
    await until(() => clients.every(({ packets }) => packets.length === 21), 15_000);
    expect(broker.stats.settled).toBe(2000);
    expect(broker.stats.bytesHeld).toBe(0);
  });

  it('cannot flood with tiny messages either', async () => {
    const broker = await openBroker(() => new Promise(() => {}), { maxBytesHeld: MIB, drainTimeoutMs: 20 });
    const { socket, send } = await rawClient(broker);
    send(hello('a'));
    const tiny = Buffer.concat(
      Array.from({ length: 2000 }, () => generate(publish(1, { payload: Buffer.alloc(0) }) as never)),
    );
    for (let i = 0; i < 20; i++) socket.write(tiny);
    await until(() => broker.stats.inFlight === 8);
    await delay(100);
    expect(broker.stats.received).toBeLessThanOrEqual(MIB / 2048);
  });

  it('makes room for others when too many connections never say hello, the oldest first', async () => {
    const broker = await openBroker(async () => true, { maxPending: 3, connectTimeoutMs: 60_000 });
    const idle = await Promise.all([1, 2, 3].map(() => rawClient(broker)));
    await stillServes(broker);
    await closed(idle[0]?.socket as Socket);
    expect(idle.slice(1).some(({ socket }) => socket.destroyed)).toBe(false);
  });

  it('is ended when it never says hello', async () => {
    const broker = await openBroker(async () => true, { connectTimeoutMs: 60 });
    const { socket } = await rawClient(broker);
    await closed(socket);
  });

  it('is disconnected when it drips a message, although each byte comes in time', async () => {
    const broker = await openBroker(async () => true, { stallTimeoutMs: 300 });
    const { socket, send } = await rawClient(broker);
    send(hello('a', { keepalive: 0 }));
    socket.write(publishHeader(500_000));
    const drip = setInterval(() => socket.write('x'), 20);
    await closed(socket).finally(() => clearInterval(drip));
    await until(() => broker.stats.bytesHeld === 0);
  });

  it('may have so many connections, and one that takes over from another', async () => {
    const broker = await openBroker(async () => true, { maxConnectionsPerAccount: 2 });
    await connect(broker, 'meadow', { clientId: 'a' });
    await connect(broker, 'meadow', { clientId: 'b' });
    await expect(connect(broker, 'meadow', { clientId: 'c' })).rejects.toThrow('Server unavailable');
    await connect(broker, 'meadow', { clientId: 'b' });
    await connect(broker, 'hedge', { clientId: 'c' });
  });

  it('gets no more subscriptions than it may have', async () => {
    const broker = await openBroker(async () => true, { maxSubscriptions: 3 });
    const trap = await connect(broker, 'meadow');
    const filters = [1, 2, 3, 4].map((n) => `traps/v1/meadow/runs/${n}/receipt`);
    await expect(trap.subscribeAsync(filters, { qos: 1 })).rejects.toThrow();
    await trap.subscribeAsync(filters.slice(0, 3), { qos: 1 });
  });

  it('does not hold up the subscriptions of others when it does not read', async () => {
    const broker = await openBroker(async () => true, { maxUnreadBytes: MIB });
    const frozen = await rawClient(broker);
    frozen.send(hello('frozen', { username: 'observer' }));
    frozen.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'traps/v1/#', qos: 0 }] });
    await until(() => frozen.packets.length === 2);
    frozen.socket.pause();
    const observer = await connect(broker, 'observer');
    await observer.subscribeAsync('traps/v1/#', { qos: 1 });
    let seen = 0;
    observer.on('message', () => seen++);
    const trap = await connect(broker, 'meadow');
    const payload = Buffer.alloc(100_000);
    const startMs = Date.now();
    for (let n = 0; n < 200; n++) await trap.publishAsync(CROP, payload, { qos: 1 });
    await until(() => seen === 200);
    expect(Date.now() - startMs).toBeLessThan(5000);
    await until(() => broker.stats.clients === 2);
  });

  it('survives a flood of connections that break off anywhere', async () => {
    const broker = await openBroker(async () => true);
    const port = broker.ports?.tcp as number;
    const bytes = Buffer.concat([generate(hello('x') as never), generate(publish(1) as never)]);
    await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const socket = createConnection(port, '127.0.0.1').on('error', () => {});
        await once(socket, 'connect').catch(() => {});
        socket.write(bytes.subarray(0, i % bytes.length), () => socket.resetAndDestroy());
        await closed(socket);
      }),
    );
    await stillServes(broker);
    await until(() => broker.stats.clients === 1);
    expect(broker.stats.bytesHeld).toBe(0);
  });

  it('gives its room back when it dies in the middle of a message', async () => {
    const broker = await openBroker(async () => true);
    const { socket, send } = await rawClient(broker);
    send(hello('a'));
    socket.write(publishHeader(500_000));
    socket.write(Buffer.alloc(400_000));
    await until(() => broker.stats.bytesHeld > 400_000);
    socket.resetAndDestroy();
    await until(() => broker.stats.bytesHeld === 0);
  });

  it('is disconnected when it stops in the middle of a message', async () => {
    const broker = await openBroker(async () => true, { stallTimeoutMs: 60 });
    const { socket, send } = await rawClient(broker);
    send(hello('a', { keepalive: 0 }));
    socket.write(publishHeader(500_000));
    await closed(socket);
    await until(() => broker.stats.bytesHeld === 0);
    await stillServes(broker);
  });

  it('is not taken for dead while it is slow, or while we do not read from it', async () => {
    const release: (() => void)[] = [];
    const broker = await openBroker(() => new Promise((resolve) => release.push(() => resolve(true))), {
      maxBytesHeld: 300_000,
      accountShare: 1,
      addressShare: 1,
      stallTimeoutMs: 1000,
    });
    const body = generate(publish(1, { payload: Buffer.alloc(200_000) }) as never);
    const first = await rawClient(broker);
    first.send(hello('first'));
    first.socket.write(body);
    await until(() => release.length === 1);
    const slow = await rawClient(broker);
    slow.send(hello('slow', { keepalive: 1 }));
    slow.socket.write(body.subarray(0, 1000));
    await until(() => broker.stats.bytesHeld > 203_000);
    const held = await rawClient(broker);
    held.send(hello('held', { keepalive: 1 }));
    held.socket.write(body);
    // aedes allows one and a half times the keep-alive.
    for (let at = 1000; at < 10_000; at += 1000) {
      await delay(200);
      slow.socket.write(body.subarray(at, at + 1000));
    }
    slow.socket.write(body.subarray(10_000));
    for (const n of [1, 2, 3]) {
      await until(() => release.length === n);
      release[n - 1]?.();
    }
    await until(() => held.packets.length === 2 && slow.packets.length === 2);
  });

  it.each([
    ['bytes that trickle in', 400],
    ['fragments without bytes', 0],
    ['pings between the fragments', 'ping'],
  ] as const)('is disconnected for a WebSocket message of %s', async (_name, piece) => {
    const broker = await openBroker(async () => true, { webSocket: { port: 0 }, stallTimeoutMs: 400 });
    const socket = new WebSocket(`ws://127.0.0.1:${broker.ports?.webSocket}`, 'mqtt');
    await once(socket, 'open');
    socket.on('error', () => {});
    socket.send(generate(hello('slow') as never));
    await once(socket, 'message');
    let isOpen = true;
    socket.once('close', () => {
      isOpen = false;
    });
    // Begins a PUBLISH that would be taken if it ever came to its end.
    socket.send(publishHeader(MIB / 2), { fin: false });
    const begunMs = performance.now();
    while (isOpen && performance.now() - begunMs < 8000) {
      if (piece === 'ping') socket.ping('still here');
      socket.send(Buffer.alloc(piece === 'ping' ? 1 : piece / 100), { fin: false });
      await delay(100);
    }
    expect(isOpen).toBe(false);
    await stillServes(broker);
  });

  it('may keep a WebSocket open with pings alone', async () => {
    const broker = await openBroker(async () => true, { webSocket: { port: 0 }, stallTimeoutMs: 400 });
    const socket = new WebSocket(`ws://127.0.0.1:${broker.ports?.webSocket}`, 'mqtt');
    await once(socket, 'open');
    socket.send(generate(hello('quiet') as never));
    await once(socket, 'message');
    for (let n = 0; n < 15; n += 1) {
      socket.ping();
      await delay(100);
    }
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  });
});
