import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from './demo-config.js';

const HOST = '127.0.0.1';
const server = createServer();
let taken: number;
beforeEach(async () => {
  server.listen(0, HOST);
  await once(server, 'listening');
  taken = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.close();
});

describe('a free port', () => {
  it('is a later one where the wanted one is taken', async () => {
    expect(await freePort(taken, HOST)).toBeGreaterThan(taken);
  });

  it('is any where none is wanted', async () => {
    expect(await freePort(0, HOST)).toBeGreaterThan(0);
  });
});
