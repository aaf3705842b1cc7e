import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import express from 'express';
import { sendTable } from './send-table.js';

/** What the pages of a request have come to. */
interface Pages {
  given: number;
  ended: boolean;
}

const asked = new Map<string, Pages>();
const app = express();
app.get('/:name', (request, response, next) => {
  const pages: Pages = { given: 0, ended: false };
  asked.set(request.params.name, pages);
  const table = {
    mediaType: 'text/csv',
    fileName: 'x.csv',
    headers: {},
    header: 'a\n',
    pages: pagesOf(request.params.name, pages),
  };
  sendTable(request, response, table).catch(next);
});
app.use((_error: unknown, _request: express.Request, response: express.Response, _next: () => void) => {
  response.destroy();
});
const server = app.listen(0, '127.0.0.1');
beforeAll(() => once(server, 'listening'));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function* pagesOf(name: string, pages: Pages): AsyncGenerator<string> {
  try {
    for (;;) {
      if (name === 'short' && pages.given === 3) return;
      if (name === 'broken' && pages.given === 3) throw new Error('the catalog is gone');
      pages.given += 1;
      yield 'x'.repeat(100_000);
    }
  } finally {
    pages.ended = true;
  }
}

const ask = (name: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ port, host: '127.0.0.1', path: `/${name}`, agent: false }, resolve).on('error', reject);
  });
const pagesFor = (name: string) => asked.get(name) as Pages;
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

it('sends its header and all its pages', async () => {
  const answer = await ask('short');
  let bytes = 0;
  for await (const chunk of answer) bytes += chunk.length;
  expect(bytes).toBe(2 + 300_000);
});

it('looks up no more than a client takes that reads nothing, and stops when it goes', async () => {
  const answer = await ask('endless');
  answer.pause();
  let given = -1;
  // The buffers of the two sockets fill up first.
  while (given !== pagesFor('endless').given) {
    given = pagesFor('endless').given;
    await turns(2000);
  }
  expect(given).toBeLessThan(200);
  answer.destroy();
  while (!pagesFor('endless').ended) await turns(1);
});

it('breaks off where the pages do, so that nobody takes a part for the whole', async () => {
  const answer = await ask('broken');
  const read = async () => {
    for await (const _chunk of answer);
  };
  await expect(read()).rejects.toThrow(/aborted/);
});
