import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectAsync, type IClientOptions } from 'mqtt';
import type { Acknowledge, Message } from '../message.js';
import {
  CROP,
  closeAll,
  closed,
  connect,
  gone,
  hello,
  openBroker,
  publish,
  RULES,
  rawClient,
  STATUS,
} from '../spec-broker.js';
import { until } from '../spec-until.js';
import { EmbeddedBroker } from './embedded-broker.js';

const OPENSSL = spawnSync('openssl', ['version']).status === 0;

afterEach(closeAll);

/** A settle that waits until the test lets it go. */
function gate() {
  const messages: Message[] = [];
  const release: ((isSettled: boolean) => void)[] = [];
  const settle: Acknowledge = (message) => {
    messages.push(message);
    return new Promise((resolve) => release.push(resolve));
  };
  return { messages, release, settle };
}
const settleAll =
  (messages: Message[]): Acknowledge =>
  async (message) => {
    messages.push(message);
    return true;
  };

describe('the embedded broker', () => {
  it('acknowledges QoS 1 only after the message is settled', async () => {
    const { messages, release, settle } = gate();
    const broker = await openBroker(settle);
    const { send, packets } = await rawClient(broker);
    send(hello('a'));
    send(publish(7));
    await until(() => messages.length === 1);
    expect(packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    release[0]?.(true);
    await until(() => packets.length === 2);
    expect(packets[1]).toMatchObject({ cmd: 'puback', messageId: 7 });
    expect(messages[0]).toMatchObject({ topic: CROP, qos: 1, client: 'meadow', duplicate: false });
    expect(messages[0]?.payload.toString()).toBe('jpeg');
  });

  it('settles QoS 2 before its PUBREC, and keeps no payload until the PUBREL', async () => {
    const { messages, release, settle } = gate();
    const broker = await openBroker(settle);
    const { send, packets } = await rawClient(broker);
    send(hello('a'));
    send(publish(7, { qos: 2 }));
    await until(() => messages.length === 1);
    expect(packets).toHaveLength(1);
    release[0]?.(true);
    await until(() => packets.length === 2);
    expect(packets[1]).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    send({ cmd: 'pubrel', messageId: 7 });
    await until(() => packets.length === 3);
    expect(packets[2]).toMatchObject({ cmd: 'pubcomp', messageId: 7 });
    expect(broker.stats.bytesHeld).toBe(0);
  });

  it('counts QoS 0 as unsafe', async () => {
    const broker = await openBroker(async () => true);
    const trap = await connect(broker, 'meadow');
    trap.publish(CROP, 'jpeg', { qos: 0 });
    await until(() => broker.stats.unsafe === 1);
    await until(() => broker.stats.settled === 1);
  });

  it('acknowledges a foreign topic, marks it and forwards it to nobody', async () => {
    const messages: Message[] = [];
    const broker = await openBroker(settleAll(messages));
    const observer = await connect(broker, 'observer');
    const seen: string[] = [];
    observer.on('message', (topic) => seen.push(topic));
    await observer.subscribeAsync('#', { qos: 1 });
    const trap = await connect(broker, 'meadow');
    await trap.publishAsync('traps/v1/hedge/status', 'forged', { qos: 1, retain: true });
    await trap.publishAsync('$SYS/forged', 'forged', { qos: 1, retain: true });
    await trap.publishAsync('elsewhere', 'forged', { qos: 2 });
    await trap.publishAsync(STATUS, 'online', { qos: 1, retain: true });
    await until(() => seen.length > 0);
    expect(seen).toEqual([STATUS]);
    expect(messages.map(({ topic, foreign }) => [topic, foreign])).toEqual([
      ['traps/v1/hedge/status', true],
      ['$SYS/forged', true],
      ['elsewhere', true],
      [STATUS, undefined],
    ]);
    expect(messages[0]?.payload.toString()).toBe('forged');
    expect(broker.stats.foreign).toBe(3);
    // A late subscriber finds nothing retained of it either.
    const late = await connect(broker, 'observer', { clientId: 'late' });
    const retained: string[] = [];
    late.on('message', (topic) => retained.push(topic));
    await late.subscribeAsync('#', { qos: 1 });
    await until(() => retained.length > 0);
    await delay(30);
    expect(retained).toEqual([STATUS]);
  });

  it('closes $SYS, shared and foreign filters to subscribers', async () => {
    const broker = await openBroker(async () => true);
    const { send, packets } = await rawClient(broker);
    send(hello('a'));
    const topics = [
      '$SYS/#',
      '$share/g/traps/v1/meadow/status',
      '#',
      'traps/v1/hedge/status',
      'traps/v1/meadow/last',
    ];
    send({ cmd: 'subscribe', messageId: 1, subscriptions: topics.map((topic) => ({ topic, qos: 1 })) });
    await until(() => packets.length === 2);
    expect(packets[1]).toMatchObject({ cmd: 'suback', granted: [128, 128, 128, 128, 1] });
  });

  it('gives a retained status to a new subscriber, and retains nothing that may not be retained', async () => {
    const broker = await openBroker(async () => true);
    const trap = await connect(broker, 'meadow');
    await trap.publishAsync(STATUS, 'online', { qos: 1, retain: true });
    await trap.publishAsync(CROP, 'jpeg', { qos: 1, retain: true });
    await broker.publish('traps/v1/meadow/last', '{}', { retain: true });
    const observer = await connect(broker, 'observer');
    const seen: [string, boolean][] = [];
    observer.on('message', (topic, _payload, { retain }) => seen.push([topic, retain]));
    await observer.subscribeAsync('traps/v1/#', { qos: 1 });
    await until(() => seen.length === 2);
    await delay(30);
    expect(seen.sort()).toEqual([
      ['traps/v1/meadow/last', true],
      [STATUS, true],
    ]);
  });

  it('retains the state that came last, whichever is settled first', async () => {
    const delays = [60, 0];
    const broker = await openBroker(async () => {
      await delay(delays.shift());
      return true;
    });
    const trap = await connect(broker, 'meadow');
    await Promise.all([
      trap.publishAsync(STATUS, 'offline', { qos: 1, retain: true }),
      trap.publishAsync(STATUS, 'online', { qos: 1, retain: true }),
    ]);
    const observer = await connect(broker, 'observer');
    const states: string[] = [];
    observer.on('message', (_topic, payload) => states.push(payload.toString()));
    await observer.subscribeAsync(STATUS, { qos: 1 });
    await until(() => states.length === 1);
    expect(states).toEqual(['online']);
  });

  it('settles and delivers the last will when a socket dies', async () => {
    const messages: Message[] = [];
    const broker = await openBroker(settleAll(messages));
    const observer = await connect(broker, 'observer');
    const seen: string[] = [];
    observer.on('message', (topic, payload) => seen.push(`${topic} ${payload}`));
    await observer.subscribeAsync('traps/v1/+/status', { qos: 1 });
    const will = { topic: STATUS, payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    const trap = await connect(broker, 'meadow', { will });
    trap.stream.destroy();
    await until(() => seen.length === 1);
    expect(seen).toEqual([`${STATUS} offline`]);
    expect(messages[0]).toMatchObject({ topic: STATUS, retain: true, client: 'meadow' });
  });

  it('holds the last will to the rules of its sender', async () => {
    const messages: Message[] = [];
    const broker = await openBroker(settleAll(messages));
    const observer = await connect(broker, 'observer');
    const seen: string[] = [];
    observer.on('message', (topic) => seen.push(topic));
    await observer.subscribeAsync('#', { qos: 1 });
    const will = {
      topic: 'traps/v1/hedge/status',
      payload: Buffer.from('offline'),
      qos: 1 as const,
      retain: true,
    };
    const trap = await connect(broker, 'meadow', { will });
    trap.stream.destroy();
    await until(() => messages.length === 1);
    expect(messages[0]?.foreign).toBe(true);
    await delay(30);
    expect(seen).toEqual([]);
  });

  it('turns away wrong secrets, and says so differently when accounts cannot be checked', async () => {
    const broker = await openBroker(async () => true, {
      authenticate: async (user) => {
        if (user === 'unlucky') throw new Error('catalog away');
        return undefined;
      },
    });
    await expect(connect(broker, 'meadow')).rejects.toMatchObject({ code: 4 });
    await expect(connect(broker, 'unlucky')).rejects.toMatchObject({ code: 3 });
    expect(broker.stats.deniedConnects).toBe(1);
  });

  it('disconnects a revoked account, and no other', async () => {
    const broker = await openBroker(async () => true);
    const trap = await connect(broker, 'meadow');
    const other = await connect(broker, 'hedge');
    const isGone = gone(trap);
    broker.disconnect(({ user }) => user === 'meadow');
    await isGone;
    await other.publishAsync('traps/v1/hedge/status', 'online', { qos: 1 });
    expect(broker.stats.clients).toBe(1);
  });

  it('lets a client id be taken over within its account only', async () => {
    const broker = await openBroker(async () => true);
    const first = await connect(broker, 'meadow', { clientId: 'same' });
    const other = await connect(broker, 'hedge', { clientId: 'same' });
    expect(first.connected && other.connected).toBe(true);
    const isGone = gone(first);
    const second = await connect(broker, 'meadow', { clientId: 'same' });
    await isGone;
    await second.publishAsync(CROP, 'jpeg', { qos: 1 });
    expect(other.connected).toBe(true);
    expect(broker.stats.clients).toBe(2);
  });

  it('leaves a message unacknowledged that could not be settled, and gets it again', async () => {
    const answers = [false, true];
    const messages: Message[] = [];
    const broker = await openBroker(async (message) => {
      messages.push(message);
      return answers.shift() ?? true;
    });
    const first = await rawClient(broker);
    first.send(hello('a'));
    first.send(publish(7));
    await until(() => messages.length === 1);
    await delay(20);
    expect(first.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    const again = await rawClient(broker);
    again.send(hello('a'));
    again.send(publish(7, { dup: true }));
    await until(() => again.packets.length === 2);
    expect(again.packets[1]).toMatchObject({ cmd: 'puback', messageId: 7 });
    expect(messages[1]?.duplicate).toBe(true);
  });

  it('drains at close: what is in flight is acknowledged, what waits is not begun', async () => {
    const { messages, release, settle } = gate();
    const broker = await openBroker(settle, { maxInFlight: 1 });
    const { send, packets, socket } = await rawClient(broker);
    send(hello('a'));
    send(publish(1));
    send(publish(2));
    await until(() => messages.length === 1);
    const closing = broker.close();
    await delay(20);
    expect(socket.destroyed).toBe(false);
    release[0]?.(true);
    await closing;
    await closed(socket);
    expect(packets.slice(1)).toEqual([expect.objectContaining({ cmd: 'puback', messageId: 1 })]);
    expect(messages).toHaveLength(1);
    await expect(broker.publish(STATUS, 'x')).rejects.toThrow('not open');
  });

  it('closes in bounded time when a handler never ends', async () => {
    const broker = await openBroker(() => new Promise(() => {}), { drainTimeoutMs: 50 });
    const { send, socket, packets } = await rawClient(broker);
    send(hello('a'));
    send(publish(1));
    await until(() => broker.stats.inFlight === 1);
    await broker.close();
    await closed(socket);
    expect(packets).toHaveLength(1);
  });

  it('does not publish the wills of traps when the service itself goes', async () => {
    const messages: Message[] = [];
    const broker = await openBroker(settleAll(messages));
    const will = { topic: STATUS, payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    await connect(broker, 'meadow', { will });
    await broker.close();
    expect(messages).toEqual([]);
  });

  it('drops no message that is overtaken by one of another quality of service', async () => {
    const broker = await openBroker(async () => true);
    const observer = await connect(broker, 'observer');
    const seen: string[] = [];
    observer.on('message', (_topic, payload) => seen.push(payload.toString()));
    await observer.subscribeAsync('traps/v1/#', { qos: 1 });
    await Promise.all([
      broker.publish('traps/v1/meadow/last', 'first', { qos: 1 }),
      broker.publish('traps/v1/meadow/last', 'second', { qos: 0 }),
    ]);
    await until(() => seen.length === 2);
    expect(seen.sort()).toEqual(['first', 'second']);
  });

  it('disconnects a subscriber that does not read', async () => {
    const broker = await openBroker(async () => true, { subscriberTimeoutMs: 50 });
    const frozen = await rawClient(broker);
    frozen.send(hello('frozen', { username: 'observer' }));
    frozen.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'traps/v1/#', qos: 0 }] });
    await until(() => frozen.packets.length === 2);
    frozen.socket.pause();
    const trap = await connect(broker, 'meadow');
    const payload = Buffer.alloc(512 * 1024);
    await Promise.all(Array.from({ length: 30 }, () => trap.publishAsync(CROP, payload, { qos: 1 })));
    await until(() => broker.stats.clients === 1);
    await until(() => broker.stats.bytesHeld === 0);
  });

  it('listens over WebSocket', async () => {
    const broker = await openBroker(async () => true, { webSocket: { port: 0 } });
    const trap = await connectAsync(`ws://127.0.0.1:${broker.ports?.webSocket}`, {
      username: 'meadow',
      password: 'secret',
      reconnectPeriod: 0,
    });
    await trap.publishAsync(CROP, Buffer.alloc(300_000), { qos: 1 });
    expect(broker.stats.settled).toBe(1);
    await trap.endAsync(true);
  });

  (OPENSSL ? it : it.skip)(
    `listens over TLS${OPENSSL ? '' : ' (skipped: no openssl on this machine)'}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tls-'));
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      const subject = ['-subj', '/CN=localhost', '-days', '2', '-nodes', '-newkey', 'rsa:2048'];
      execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', cert], {
        stdio: 'ignore',
      });
      const tls = { port: 0, key: readFileSync(key), cert: readFileSync(cert) };
      const broker = await openBroker(async () => true, { tls });
      const trap = await connectAsync(`mqtts://localhost:${broker.ports?.tls}`, {
        username: 'meadow',
        password: 'secret',
        reconnectPeriod: 0,
        family: 4,
        ca: tls.cert,
      } as IClientOptions);
      await trap.publishAsync(CROP, Buffer.alloc(300_000), { qos: 1 });
      expect(broker.stats.settled).toBe(1);
      await trap.endAsync(true);
      // Plain bytes on the TLS port end that connection only.
      const stranger = createConnection(broker.ports?.tls as number, '127.0.0.1').on('error', () => {});
      stranger.write('not a handshake');
      await closed(stranger);
      rmSync(folder, { recursive: true });
    },
  );

  it('refuses MQTT 5 with the code for it, and goes on', async () => {
    const broker = await openBroker(async () => true);
    const { send, packets, socket } = await rawClient(broker);
    send(hello('a', { protocolVersion: 5 }));
    await closed(socket);
    expect(packets[0]).toMatchObject({ cmd: 'connack', returnCode: 1 });
    await connect(broker, 'meadow');
  });

  it('keeps no session for a client that goes, and nothing for it in memory', async () => {
    const broker = await openBroker(async () => true);
    const first = await connect(broker, 'observer', { clean: false, clientId: 'same' });
    await first.subscribeAsync('traps/v1/#', { qos: 1 });
    await first.endAsync();
    const trap = await connect(broker, 'meadow');
    await trap.publishAsync(CROP, 'jpeg', { qos: 1 });
    const { send, packets } = await rawClient(broker);
    send(hello('same', { clean: false, username: 'observer' }));
    await until(() => packets.length === 1);
    await delay(30);
    expect(packets).toEqual([expect.objectContaining({ cmd: 'connack', sessionPresent: false })]);
  });

  it('rejects when its port is taken', async () => {
    const broker = await openBroker(async () => true);
    const second = new EmbeddedBroker({ ...RULES, port: broker.ports?.tcp as number });
    await expect(second.listen([], async () => true)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
