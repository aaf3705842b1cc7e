import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { freePort, MOSQUITTO, Mosquitto, NO_MOSQUITTO } from '../../../test/fixtures/mosquitto-broker.js';
import type { Acknowledge, Message } from '../message.js';
import { closeAll, openBroker } from '../spec-broker.js';
import { until } from '../spec-until.js';
import { ExternalBroker } from './external-broker.js';
import type { ExternalBrokerOptions } from './external-options.js';

const CROPS = 'traps/v1/+/runs/+/crops/+';
const crop = (n: number | string) => `traps/v1/meadow/runs/r1/crops/${n}`;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startMosquitto(configuration?: string | ((folder: string) => string)) {
  const mosquitto = await Mosquitto.create(configuration);
  closers.push(() => mosquitto.remove());
  await mosquitto.start();
  return mosquitto;
}

async function listen(
  url: string,
  settle: Acknowledge,
  options: Partial<ExternalBrokerOptions> = {},
  filters = [CROPS],
) {
  const source = new ExternalBroker({
    url,
    clientId: 'a-service-of-these-tests',
    backoff: { firstMs: 20, lastMs: 50 },
    drainTimeoutMs: 300,
    ...options,
  });
  await source.listen(filters, settle);
  closers.push(() => source.close());
  return source;
}

async function trapAt(url: string): Promise<MqttClient> {
  const trap = await connectAsync(url, { reconnectPeriod: 20 });
  trap.on('error', () => {});
  closers.push(() => trap.endAsync(true));
  return trap;
}

/** Numbers of the crops that were settled, and how often. */
function ledger() {
  const settled: string[] = [];
  const settle: Acknowledge = async ({ topic }) => {
    await delay(Math.random() * 5);
    settled.push(topic.split('/').at(-1) as string);
    return true;
  };
  return { settled, settle };
}
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => i + from);
const publishAll = (trap: MqttClient, ns: number[], bytes = 100) =>
  Promise.all(ns.map((n) => trap.publishAsync(crop(n), Buffer.alloc(bytes), { qos: 1 })));

describe('a broker that is away', () => {
  it('does not keep the service from starting; publish rejects at once', async () => {
    const problems: Error[] = [];
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const source = await listen(url, async () => true, { onProblem: (error) => problems.push(error) });
    expect(source.connected).toBe(false);
    await expect(source.publish('a', 'b')).rejects.toThrow('not connected');
    await until(() => problems.length > 2);
    expect(source.problem).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

const onMosquitto = MOSQUITTO ? describe : describe.skip;

onMosquitto.each([4, 5] as const)(`Mosquitto by MQTT %s${NO_MOSQUITTO}`, (protocolVersion) => {
  it('acknowledges after the message is settled, in the order of arrival', async () => {
    const { url } = await startMosquitto('allow_anonymous true\nmax_inflight_messages 100');
    const release: (() => void)[] = [];
    const source = await listen(url, () => new Promise((resolve) => release.push(() => resolve(true))), {
      protocolVersion,
    });
    await until(() => source.connected);
    const trap = await trapAt(url);
    await publishAll(trap, numbers(10));
    await until(() => release.length === 10);
    await delay(30);
    // The last one first: nothing may go out before the first is settled.
    for (const settle of release.slice(1).reverse()) settle();
    await until(() => source.stats.settled === 9);
    await source.close();
    const { settled, settle } = ledger();
    const second = await listen(url, settle, { protocolVersion });
    await until(() => settled.length >= 10);
    expect(new Set(settled).size).toBe(10);
    await second.close();
  });

  it('leaves unacknowledged what is not settled: it comes again', async () => {
    const { url } = await startMosquitto();
    const source = await listen(url, async ({ topic }) => !topic.endsWith('3'), { protocolVersion });
    await until(() => source.connected);
    const trap = await trapAt(url);
    await publishAll(trap, numbers(3, 1));
    await until(() => source.stats.received === 3);
    await source.close();
    const messages: Message[] = [];
    const second = await listen(url, async (message) => Boolean(messages.push(message)), { protocolVersion });
    await until(() => messages.length > 0);
    await delay(30);
    expect(messages.map(({ topic }) => topic)).toEqual([crop(3)]);
    expect(messages[0]?.duplicate).toBe(true);
    expect(second.stats.settled).toBe(1);
  });

  it('loses nothing of a session that is resumed, from its first byte on', async () => {
    const { url } = await startMosquitto('allow_anonymous true\nmax_queued_messages 0');
    const source = await listen(url, async () => true, { protocolVersion });
    await until(() => source.connected);
    await source.close();
    const trap = await trapAt(url);
    await publishAll(trap, numbers(500));
    const { settled, settle } = ledger();
    const second = await listen(url, settle, { protocolVersion, maxInFlight: 16 });
    await until(() => new Set(settled).size === 500, 10_000);
    expect(settled).toHaveLength(500);
    expect(second.stats.maxInFlightSeen).toBe(16);
  });

  it('survives that the broker is killed in the middle, and gets everything', async () => {
    const mosquitto = await startMosquitto('allow_anonymous true\nmax_queued_messages 0');
    const { settled, settle } = ledger();
    const source = await listen(mosquitto.url, settle, { protocolVersion, maxInFlight: 8 });
    await until(() => source.connected);
    const trap = await trapAt(mosquitto.url);
    // A trap keeps what is not acknowledged, and sends it again.
    const published = publishAll(trap, numbers(400));
    await until(() => settled.length > 50);
    await mosquitto.save();
    await mosquitto.stop('SIGKILL');
    await until(() => !source.connected);
    await mosquitto.start();
    await published;
    await until(() => source.connected);
    await mosquitto.save();
    // What Mosquitto acknowledged after its last save and then lost is the trap's to send again: the receipt.
    await publishAll(
      trap,
      numbers(400).filter((n) => !settled.includes(`${n}`)),
    );
    await until(() => new Set(settled).size === 400, 10_000);
    expect(source.stats.maxInFlightSeen).toBeLessThanOrEqual(8);
    await until(() => source.stats.inFlight === 0);
  });

  it('bounds what is in flight by messages and bytes, and stays alive meanwhile', async () => {
    const { url } = await startMosquitto();
    const release: (() => void)[] = [];
    let isOpen = false;
    const source = await listen(
      url,
      () => (isOpen ? Promise.resolve(true) : new Promise((resolve) => release.push(() => resolve(true)))),
      { protocolVersion, maxInFlight: 100, maxBytesHeld: 1_000_000, keepAliveS: 1 },
    );
    await until(() => source.connected);
    const trap = await trapAt(url);
    await publishAll(trap, numbers(30), 200_000);
    await until(() => source.stats.inFlight >= 4);
    // Longer than Mosquitto waits for a sign of life.
    await delay(1800);
    expect(source.connected).toBe(true);
    expect(source.stats.received).toBe(4);
    isOpen = true;
    for (const settle of release) settle();
    await until(() => source.stats.settled === 30);
    expect(source.stats.stale).toBe(0);
    expect(source.stats.bytesHeld).toBe(0);
  });

  it('publishes with an acknowledgement, and its own messages do not come back', async () => {
    const { url } = await startMosquitto();
    const messages: Message[] = [];
    const source = await listen(
      url,
      async (message) => Boolean(messages.push(message)),
      { protocolVersion },
      [CROPS, 'traps/v1/+/status'],
    );
    await until(() => source.connected);
    const trap = await trapAt(url);
    const seen: string[] = [];
    trap.on('message', (topic) => seen.push(topic));
    await trap.subscribeAsync('traps/v1/meadow/#', { qos: 1 });
    await source.publish('traps/v1/meadow/runs/r1/receipt', '{}');
    await source.publish('traps/v1/meadow/last', Buffer.from('{}'), { retain: true, qos: 0 });
    await until(() => seen.length === 2);
    await trap.publishAsync('traps/v1/meadow/status', 'online', { qos: 1, retain: true });
    await until(() => messages.length === 1);
    expect(messages[0]).toMatchObject({ topic: 'traps/v1/meadow/status', qos: 1 });
    expect(messages[0]?.client).toBeUndefined();
  });

  it('gets the retained status of traps that spoke before it came', async () => {
    const { url } = await startMosquitto();
    const trap = await trapAt(url);
    await trap.publishAsync('traps/v1/meadow/status', 'online', { qos: 1, retain: true });
    const messages: Message[] = [];
    await listen(url, async (message) => Boolean(messages.push(message)), { protocolVersion }, [
      'traps/v1/+/status',
    ]);
    await until(() => messages.length === 1);
    expect(messages[0]).toMatchObject({ retain: true });
  });

  it('acknowledges at close what is settled in time, and begins nothing more', async () => {
    const { url } = await startMosquitto();
    const begun: string[] = [];
    const source = await listen(
      url,
      async ({ topic }) => {
        begun.push(topic);
        await delay(50);
        return true;
      },
      { protocolVersion, maxInFlight: 4 },
    );
    await until(() => source.connected);
    const trap = await trapAt(url);
    await publishAll(trap, numbers(20));
    await until(() => begun.length >= 4);
    await source.close();
    const settledThen = begun.length;
    expect(settledThen).toBeLessThan(20);
    const { settled, settle } = ledger();
    await listen(url, settle, { protocolVersion });
    await until(() => settled.length === 20 - settledThen);
    await delay(30);
    expect(settled).toHaveLength(20 - settledThen);
  });

  it('rejects a publish that is not acknowledged in time, or whose connection breaks', async () => {
    const mosquitto = await startMosquitto();
    const source = await listen(mosquitto.url, async () => true, { protocolVersion, publishTimeoutMs: 100 });
    await until(() => source.connected);
    mosquitto.freeze();
    await expect(source.publish('a', 'b')).rejects.toThrow();
    const outcome = source.publish('a', 'b').then(
      () => 'published',
      () => 'rejected',
    );
    await mosquitto.stop('SIGKILL');
    expect(await outcome).toBe('rejected');
  });
});

describe('a broker that refuses a subscription', () => {
  it('is asked again until it grants it; meanwhile the reason is known', async () => {
    let mayRead = false;
    const broker = await openBroker(async () => true, { maySubscribe: () => mayRead });
    closers.push(closeAll);
    const problems: string[] = [];
    const source = await listen(`mqtt://127.0.0.1:${broker.ports?.tcp}`, async () => true, {
      protocolVersion: 4,
      user: 'observer',
      password: 'secret',
      onProblem: ({ message }) => problems.push(message),
    });
    await until(() => problems.length > 1);
    expect(source.connected).toBe(false);
    expect(source.problem?.message).toContain('Subscribe error');
    mayRead = true;
    await until(() => source.connected);
    expect(source.problem).toBeUndefined();
  });

  it('is asked again when it refuses the connection', async () => {
    let isKnown = false;
    const broker = await openBroker(async () => true, {
      authenticate: async () => (isKnown ? { user: 'observer' } : undefined),
    });
    closers.push(closeAll);
    const source = await listen(`mqtt://127.0.0.1:${broker.ports?.tcp}`, async () => true, {
      protocolVersion: 4,
    });
    await until(() => source.stats.deniedConnects > 1);
    expect(source.problem?.message).toContain('Bad username or password');
    isKnown = true;
    await until(() => source.connected);
  });
});
