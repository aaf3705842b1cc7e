import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crop } from './fixtures/crops.js';
import { Expectations } from './fixtures/fuzz/expectations.js';
import { MARK } from './fixtures/fuzz/hostile.js';
import { type FuzzRequest, fuzzRequests, type Known } from './fixtures/fuzz/requests.js';
import type { Json } from './fixtures/fuzz/schema-values.js';
import { sendRaw } from './fixtures/fuzz/send-raw.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { rssMb } from './fixtures/memory.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';

/** CI asks for more: see `.ci/run`. */
const REQUESTS = Number(process.env['TRAPLINE_TEST_FUZZ'] ?? 1000);
/** The same requests for the same number. */
const SEED = Number(process.env['TRAPLINE_TEST_FUZZ_SEED'] ?? 20_260_601);
/** What a service that handles large images and archives may take beside what it took before. */
const MORE_MEMORY_MB = 400;

let home: string;
let station: Station;
let document: Json;
let known: Known;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'trapline-fuzz-'));
  station = await Station.start(
    { TRAPLINE_MODEL: await colourModel(), TRAPLINE_REQUESTS_PER_MIN: '0' },
    home,
  );
  document = await station.json('/api/openapi.json');
  known = await prepare(station);
}, 120_000);

afterAll(async () => {
  await station?.remove();
  rmSync(home, { recursive: true, force: true });
});

/** Somebody of each role, and something of each kind to ask for. */
async function prepare(of: Station): Promise<Known> {
  const key = async (role: string) => {
    const made = await of.command<{ key: string }>(
      'key',
      'create',
      '--role',
      role,
      '--name',
      `fuzz-${role}`,
      '--json',
    );
    return { authorization: `Bearer ${made.key}` };
  };
  const images = [await crop('red', 1), await crop('blue', 2)];
  const trap = new HttpTrap('trap-1', of.trapPassword, of);
  for (const run of ['run-1', 'run-2', 'run-3'])
    for (const [at, bytes] of images.entries()) await trap.crop(run, `000${at + 1}`, bytes);
  await trap.meta('run-1', { start: '2026-06-01T10:00:00+02:00' });
  await trap.end('run-1', { crops: 2 });
  await trap.crop('run-1', '0009', Buffer.from('no image'));
  await of.get('/api/v1/traps/trap-1/runs/run-1/crops/0001', { method: 'PUT', body: 'other' });
  await of.get('/api/v1/traps/trap-1/sessions/s-1', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ v: 1, start: '2026-06-01T07:30:00Z', end: '2026-06-01T08:30:00Z' }),
  });
  for (const deployment of ['spring', 'autumn'])
    await of.get(`/api/v1/traps/trap-1/deployments/${deployment}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        start: deployment === 'spring' ? '2026-03-01T00:00:00Z' : '2026-09-01T00:00:00Z',
      }),
    });
  const shared = await of.get('/api/v1/runs/trap-1/run-1/share', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { url } = (await shared.json()) as { url: string };
  const letters = await of.json<{ items: { id: string }[] }>('/api/v1/dead-letters');
  const models = await of.json<{ items: { key: string }[] }>('/api/v1/models');
  const editor = await key('editor');
  const login = await fetch(`${of.http}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: await of.adminPassword() }),
  });
  const { token } = (await login.json()) as { token: string };
  return {
    callers: {
      none: {},
      unknown: { authorization: 'Bearer nobody-knows-this' },
      odd: { authorization: 'Basic Og==' },
      trap: { authorization: `Bearer ${of.trapPassword}` },
      device: await key('device'),
      viewer: await key('viewer'),
      editor,
      'editor of old': { access_token: editor.authorization.slice('Bearer '.length) },
      admin: await key('admin'),
      person: { authorization: `Bearer ${token}` },
      'admin again': { authorization: `Bearer ${of.adminKey}` },
    },
    mighty: ['admin', 'admin', 'person', 'editor', 'viewer', 'editor of old', 'trap'],
    values: {
      trapId: ['trap-1'],
      trap: ['trap-1'],
      runId: ['run-1', 'run-2', 'run-9'],
      cropId: ['0001', '0002', '0003'],
      sessionId: ['s-1'],
      deploymentId: ['spring'],
      'delete /api/v1/traps/{trapId}/deployments/{deploymentId} deploymentId': ['autumn'],
      token: [url.split('/').at(-1) as string],
      // What is deleted for good must not be missing to all the others.
      'delete /api/v1/runs/{trapId}/{runId} runId': ['run-3'],
      'delete /api/v1/runs/{trapId}/{runId}/crops/{cropId} runId': ['run-3'],
      id: letters.items.map((letter) => letter.id),
      tracking_id: ['run-1', 'run-7'],
      tracking_run: ['run-1'],
      date: ['2026-06-01'],
      label: ['red', 'blue'],
      '/api/v1/models/{name} name': [models.items[0]?.key ?? ''],
      '/api/v1/protocol/schemas/{name}.json name': ['meta', 'end'],
    },
    bodies: {
      'image/jpeg': [...images, Buffer.from('no image')],
      'image/png': images,
      'image/webp': images,
      'multipart/form-data': [formWith(images)],
    },
  };
}

/** What a browser's form would send, with all that any of the routes takes. */
function formWith(images: readonly Buffer[]): Buffer {
  const fields = { start_date: '2026-06-01 10:00:00', end_date: '2026-06-01 10:00:07', duration_s: '7' };
  const parts = [
    ...Object.entries(fields).map(
      ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
    ...images.flatMap((image, at) => [
      `--x\r\nContent-Disposition: form-data; name="files"; filename="../../${MARK}${at}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
      image,
      '\r\n',
    ]),
    '--x--\r\n',
  ];
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

const toldOf = ({ method, path, as, headers, body }: FuzzRequest): string =>
  `${method} ${path} as ${as} ${JSON.stringify({ ...headers, authorization: undefined, access_token: undefined })} ${body?.subarray(0, 300).toString() ?? ''}`;

describe('the REST interface under requests of any kind', () => {
  it(
    'answers each of them in time, as the document says, and with no fault of its own',
    async () => {
      const expectations = new Expectations(document);
      const before = rssMb(station.pid);
      const pid = station.pid;
      const outcomes = new Map<string, Set<number>>();
      await fc.assert(
        fc.asyncProperty(fuzzRequests(document, known), async (request) => {
          const answer = await sendRaw(station.http, request).catch((error: Error) => {
            throw new Error(`${toldOf(request)}: ${error.message}\n${station.output.slice(-2000)}`);
          });
          if (!answer) return;
          if (request.method === request.of.method)
            outcomes.set(request.of.name, (outcomes.get(request.of.name) ?? new Set()).add(answer.status));
          const fault = expectations.faultOf(request, answer);
          if (fault) throw new Error(`${toldOf(request)}\n${fault}`);
        }),
        { numRuns: REQUESTS, seed: SEED, endOnFailure: false },
      );
      expect([station.isRunning, station.pid]).toEqual([true, pid]);
      expect(rssMb(pid) - before).toBeLessThan(MORE_MEMORY_MB);
      // Or it would have shown no more than that nobody gets in.
      const reads = [...outcomes].filter(([name]) => name.startsWith('get '));
      const answered = reads.filter(([, statuses]) => [...statuses].some((status) => status < 300));
      expect(answered.length / reads.length).toBeGreaterThan(0.9);
    },
    120_000 + REQUESTS * 200,
  );

  it('has let nobody write outside of the data folder', () => {
    expect(readdirSync(home)).toEqual([station.dataDir.slice(home.length + 1)]);
    for (const folder of ['/', tmpdir(), '/etc', process.cwd(), join(process.cwd(), '..')])
      expect(readdirSync(folder).filter((name) => name.includes(MARK))).toEqual([]);
  });

  it('has logged no error of its own', () => {
    expect(station.output).not.toMatch(/a request failed|uncaught|unhandled/i);
  });
});
