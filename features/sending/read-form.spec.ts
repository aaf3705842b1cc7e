import { createServer, type IncomingMessage, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { requestsForm } from '../../test/fixtures/requests-form.js';
import { type FormFile, type FormTaker, readForm } from './read-form.js';

const LIMITS = { fileBytes: 100_000, files: 50, heldBytes: 300_000 };
/** What the network hands over at once, at most. */
const PIECE = 65_536;

let server: Server;
let taker: FormTaker;
let outcome: Promise<unknown>;
beforeEach(async () => {
  outcome = new Promise((found) => {
    server = createServer((request, response) => {
      const read = readForm(request as Request, LIMITS, taker).catch((error: unknown) => error);
      void read.then((error) => {
        response.end();
        found(error);
      });
    }).listen(0, '127.0.0.1');
  });
  await new Promise((ready) => server.once('listening', ready));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function post(body: Uint8Array | string, type: string, isWhole = true): Promise<IncomingMessage | Error> {
  const { port } = server.address() as AddressInfo;
  const headers = { 'Content-Type': type, ...(!isWhole && { 'Content-Length': body.length + 1000 }) };
  return new Promise((resolve) => {
    const request = send({ port, method: 'POST', headers }, (answer) => resolve(answer.resume()));
    request.on('error', resolve);
    request.write(body);
    if (isWhole) request.end();
    else server.once('request', () => setImmediate(() => request.destroy()));
  });
}

const files = (count: number, size = 500) =>
  Array.from({ length: count }, (_, i) => ({ name: `f${i}.jpg`, bytes: Buffer.alloc(size, i) }));

function collecting() {
  const seen: { fields: Record<string, string>; files: FormFile[] } = { fields: {}, files: [] };
  taker = {
    field: (name, value) => {
      seen.fields[name] = value;
    },
    file: async (file) => {
      seen.files.push(file);
    },
  };
  return seen;
}

describe('a form', () => {
  it('is read part by part, whatever bytes are in it', async () => {
    const seen = collecting();
    const { body, type } = requestsForm({ a: '1', b: 'ü' }, [
      ...files(3),
      { name: '../../x\\y.jpg', bytes: Buffer.from('\r\n--') },
    ]);
    await post(body, type);
    expect(await outcome).toBeUndefined();
    expect(seen.fields).toEqual({ a: '1', b: 'ü' });
    expect(seen.files.slice(0, 3)).toEqual(
      files(3).map(({ name, bytes }) => ({ field: 'files', name, bytes })),
    );
    expect(seen.files[3]?.name).not.toMatch(/[/\\]/);
  });

  it('has no more of its files in memory than may be held', async () => {
    let held = 0;
    let most = 0;
    taker = {
      field: () => {},
      file: async ({ bytes }) => {
        held += bytes.length;
        most = Math.max(most, held);
        await new Promise((later) => setTimeout(later, 2));
        held -= bytes.length;
      },
    };
    const { body, type } = requestsForm({}, files(50, 90_000));
    await post(body, type);
    expect(await outcome).toBeUndefined();
    expect(most).toBeLessThanOrEqual(LIMITS.heldBytes + PIECE);
  });

  it('says of a file that it is too large, and goes on', async () => {
    const seen = collecting();
    const { body, type } = requestsForm({}, [...files(1, 150_000), ...files(1)]);
    await post(body, type);
    expect(await outcome).toBeUndefined();
    expect(seen.files.map(({ bytes, tooLargeBytes }) => [bytes.length, tooLargeBytes])).toEqual([
      [100_000, 100_001],
      [500, undefined],
    ]);
  });

  it.each([
    ['is none', '{}', 'application/json', 415],
    ['has no boundary', 'x', 'multipart/form-data', 415],
    [
      'ends too early',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
      'multipart/form-data; boundary=b',
      400,
    ],
  ])('is refused where it %s', async (_what, body, type, status) => {
    collecting();
    await post(body, type);
    expect(await outcome).toMatchObject({ status });
  });

  it('is refused where it has too many files', async () => {
    collecting();
    const { body, type } = requestsForm({}, files(60));
    await post(body, type);
    expect(await outcome).toMatchObject({ status: 413 });
  });

  it('ends with what its taker throws', async () => {
    taker = { field: () => {}, file: () => Promise.reject(new Error('the disk is away')) };
    const { body, type } = requestsForm({}, files(10));
    await post(body, type);
    expect(await outcome).toMatchObject({ message: 'the disk is away' });
  });

  it('ends where its sender goes away', async () => {
    collecting();
    const { body, type } = requestsForm({}, files(3));
    await post(body.slice(0, 900), type, false);
    expect(await outcome).toMatchObject({ status: 400 });
  });
});
