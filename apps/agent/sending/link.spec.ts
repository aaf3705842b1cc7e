import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Aedes } from 'aedes';
import { Link } from './link.js';

const SILENT = { info: () => {}, warn: () => {} } as unknown as ConstructorParameters<typeof Link>[1];

/** A broker that takes its time until it says a word. */
let broker: Aedes;
let slowMs: number;
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  setTimeout(() => broker.handle(socket), slowMs).unref();
});
beforeEach(async () => {
  broker = await Aedes.createBroker();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  await new Promise((resolve) => server.close(resolve));
});

const linkTo = () =>
  new Link(
    {
      url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
      trapId: 'trap-1',
      password: undefined,
      ca: undefined,
      retry: { firstMs: 1, lastMs: 1 },
      saysStatus: false,
      greeting: [],
      givesUpWhenRefused: false,
    },
    SILENT,
  );

describe('a link that is closed', () => {
  it.each([0, 1, 2, 4, 8, 16, 32])(
    'ends whatever the connection was about to do, %i ms on',
    async (afterMs) => {
      slowMs = 10;
      for (let i = 0; i < 5; i += 1) {
        const link = linkTo();
        link.open();
        await delay(afterMs + i / 2);
        await link.close();
        expect(link.failure).toBeUndefined();
      }
      while (sockets.size) await delay(1);
    },
  );

  it('does not wait for a broker that never says a word', async () => {
    slowMs = 1_000_000_000;
    const link = linkTo();
    link.open();
    while (!sockets.size) await delay(1);
    await link.close();
  });
});
