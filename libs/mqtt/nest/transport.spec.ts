import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { connectAsync } from 'mqtt';
import { EMPTY, of, throwError, timer } from 'rxjs';
import { MOSQUITTO, Mosquitto, NO_MOSQUITTO } from '../../../test/fixtures/mosquitto-broker.js';
import { EmbeddedBroker } from '../embedded/embedded-broker.js';
import { ExternalBroker } from '../external/external-broker.js';
import type { Message, MessageSource } from '../message.js';
import { closeAll, connect, RULES } from '../spec-broker.js';
import { until } from '../spec-until.js';
import { ErrorsAsThrown, TrapTransport, type TrapTransportOptions } from './transport.js';

class Rejection extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** What the handlers do in this test. */
const work: { log: string[]; crop: (payload: Buffer, message: Message) => unknown } = {
  log: [],
  crop: () => {},
};

@UseFilters(ErrorsAsThrown)
@Controller()
class Crops {
  @EventPattern<string>('traps/v1/+/runs/+/crops/+')
  onCrop(@Payload() payload: Buffer, @Ctx() message: Message): unknown {
    return work.crop(payload, message);
  }

  @EventPattern<string>('traps/v1/+/status')
  onStatus(@Payload() payload: Buffer): void {
    work.log.push(`status ${payload}`);
  }

  @EventPattern<string[]>(['traps/v1/+/info', 'traps/v1/+/config/applied'])
  onOther(@Ctx() message: Message): void {
    work.log.push(`other ${message.topic}`);
  }
}
@Module({ controllers: [Crops] })
class Wired {}

@Controller()
class Unwired {
  @EventPattern<string>('traps/v1/+/runs/+/crops/+')
  onCrop(): void {
    throw new Rejection('not-an-image');
  }
}
@Module({ controllers: [Unwired] })
class WithoutFilter {}

@Controller()
class Replying {
  @MessagePattern<string>('traps/v1/+/status')
  onCall(): void {}
}
@Module({ controllers: [Replying] })
class WithReply {}

const CROP = 'traps/v1/meadow/runs/r1/crops/c1';
const apps: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await closeAll();
  work.log = [];
});

async function start(module: object, source: MessageSource, more: Partial<TrapTransportOptions> = {}) {
  const dead: [string, unknown][] = [];
  const strategy = new TrapTransport({
    source,
    isRejection: (error) => error instanceof Rejection,
    refuse: async (message, error) => {
      dead.push([message.topic, (error as Rejection).code]);
    },
    backoff: { firstMs: 1, lastMs: 5 },
    ...more,
  });
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  apps.push(app);
  return { app, dead, strategy };
}
const embedded = () => new EmbeddedBroker({ drainTimeoutMs: 500, ...RULES });
const trapAt = (broker: EmbeddedBroker) => connect(broker, 'meadow');
const qos = 1 as const;

describe('the transport', () => {
  it('gives a handler the raw bytes and the message', async () => {
    const broker = embedded();
    await start(Wired, broker);
    const seen: [Buffer, Message][] = [];
    work.crop = (payload, message) => seen.push([payload, message]);
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x80, 0xfe]);
    await (await trapAt(broker)).publishAsync(CROP, jpeg, { qos });
    expect(seen[0]?.[0].equals(jpeg)).toBe(true);
    expect(seen[0]?.[1]).toMatchObject({ topic: CROP, qos: 1, client: 'meadow' });
  });

  it.each([
    ['a promise', () => delay(40, 'value')],
    ['an observable', () => timer(40)],
    ['an observable that emits nothing', () => EMPTY],
    ['nothing', () => undefined],
    ['a promise of an observable', async () => of(1, 2)],
  ])('acknowledges after %s has ended', async (_name, returned) => {
    const broker = embedded();
    await start(Wired, broker);
    work.crop = returned;
    await (await trapAt(broker)).publishAsync(CROP, 'jpeg', { qos });
    expect(broker.stats.settled).toBe(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Rejection('not-an-image');
      },
    ],
    ['rejects with', () => Promise.reject(new Rejection('not-an-image'))],
    ['emits', () => throwError(() => new Rejection('not-an-image'))],
  ])('sets a message aside when its handler %s a refusal', async (_name, crop) => {
    const broker = embedded();
    const { dead, strategy } = await start(Wired, broker);
    work.crop = crop;
    await (await trapAt(broker)).publishAsync(CROP, 'jpeg', { qos });
    expect(dead).toEqual([[CROP, 'not-an-image']]);
    expect(strategy.stats).toMatchObject({ refused: 1, retried: 0, settled: 1 });
  });

  it('tries again when the infrastructure fails, and acknowledges then', async () => {
    const broker = embedded();
    const errors: unknown[] = [];
    const { strategy } = await start(Wired, broker, { onRetry: (_message, error) => errors.push(error) });
    const failures = [new Error('disk full'), new Error('disk full')];
    work.crop = () => {
      const failure = failures.shift();
      if (failure) throw failure;
    };
    await (await trapAt(broker)).publishAsync(CROP, 'jpeg', { qos });
    expect(strategy.stats).toMatchObject({ refused: 0, retried: 2, settled: 1 });
    expect((errors[0] as Error).message).toBe('disk full');
  });

  it('refuses topics without a handler, foreign topics and packets over the limit', async () => {
    const broker = new EmbeddedBroker({ ...RULES, maxPacketBytes: 70_000 });
    const { dead } = await start(Wired, broker);
    const trap = await trapAt(broker);
    await trap.publishAsync('traps/v1/meadow/telemetry', 'x', { qos });
    await trap.publishAsync('traps/v1/hedge/status', 'x', { qos });
    await trap.publishAsync(CROP, Buffer.alloc(100_000), { qos });
    expect(dead).toEqual([
      ['traps/v1/meadow/telemetry', 'bad-topic'],
      ['traps/v1/hedge/status', 'foreign-topic'],
      [CROP, 'too-large'],
    ]);
  });

  it('runs the one handler of each kind', async () => {
    const broker = embedded();
    await start(Wired, broker);
    const trap = await trapAt(broker);
    await trap.publishAsync('traps/v1/meadow/status', 'online', { qos });
    await trap.publishAsync('traps/v1/meadow/info', '{}', { qos });
    expect(work.log).toEqual(['status online', 'other traps/v1/meadow/info']);
  });

  it('keeps a message and says what is wrong when the error filter is missing', async () => {
    const broker = embedded();
    const errors: unknown[] = [];
    await start(WithoutFilter, broker, { onRetry: (_message, error) => errors.push(error) });
    (await trapAt(broker)).publish(CROP, 'jpeg', { qos });
    await until(() => errors.length > 0);
    expect((errors[0] as Error).message).toContain('@UseFilters(ErrorsAsThrown)');
  });

  it('refuses handlers that want to reply', async () => {
    await expect(start(WithReply, embedded(), {})).rejects.toThrow('use @EventPattern');
  });

  it('drains at close, and leaves what keeps failing unacknowledged', async () => {
    const broker = embedded();
    const { app } = await start(Wired, broker, { backoff: { firstMs: 60_000, lastMs: 60_000 } });
    work.crop = async (payload) => {
      await delay(40);
      if (payload.toString() === 'bad luck') throw new Error('disk full');
    };
    const trap = await trapAt(broker);
    const good = trap.publishAsync(CROP, 'jpeg', { qos });
    let isAcknowledged = false;
    trap.publishAsync(`${CROP}-2`, 'bad luck', { qos }).then(
      () => {
        isAcknowledged = true;
      },
      () => {},
    );
    await until(() => broker.stats.inFlight === 2);
    await app.close();
    await good;
    expect(isAcknowledged).toBe(false);
  });

  (MOSQUITTO ? it : it.skip)(`runs the same controllers behind Mosquitto${NO_MOSQUITTO}`, async () => {
    const mosquitto = await Mosquitto.create();
    try {
      await mosquitto.start();
      const source = new ExternalBroker({ clientId: 'a-service', url: mosquitto.url, drainTimeoutMs: 200 });
      const { dead, app } = await start(Wired, source);
      await until(() => source.connected);
      const seen: string[] = [];
      work.crop = (payload) => {
        seen.push(payload.toString());
        if (seen.length === 1) throw new Rejection('not-an-image');
      };
      const trap = await connectAsync(mosquitto.url);
      await trap.publishAsync(CROP, 'one', { qos });
      await trap.publishAsync(CROP, 'two', { qos });
      await until(() => source.stats.settled === 2);
      expect(seen).toEqual(['one', 'two']);
      expect(dead).toEqual([[CROP, 'not-an-image']]);
      await trap.endAsync();
      apps.splice(apps.indexOf(app), 1);
      await app.close();
    } finally {
      await mosquitto.remove();
    }
  });
});
