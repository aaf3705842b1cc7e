import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/fixtures/eventually.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { MODEL_CHILD } from './model-install.service.js';

const MODEL = readFileSync('models/demo/model.onnx');
const CARD = JSON.parse(readFileSync('models/demo/model.json', 'utf8'));

let folder: string;
let server: Server;
let api: SmallApi;
/** Held back until a test lets them go. */
let release: (() => void) | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-registry-'));
  server = createServer((request, response) => {
    if (request.url === '/gone.onnx') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': MODEL.length });
    response.write(MODEL.subarray(0, 1000));
    release = () => response.end(MODEL.subarray(1000));
    if (request.url === '/quick.onnx') release();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const cards = join(folder, 'cards');
  for (const name of ['quick', 'slow', 'gone']) {
    mkdirSync(join(cards, name), { recursive: true });
    cpSync('models/demo', join(cards, name), { recursive: true });
    rmSync(join(cards, name, 'model.onnx'));
    const card = {
      ...CARD,
      id: name,
      licence: name === 'slow' ? 'CC-BY-NC-4.0' : 'Apache-2.0',
      demo: undefined,
    };
    writeFileSync(join(cards, name, 'model.json'), JSON.stringify(card));
  }
  const { sha256 } = CARD.file;
  const models = ['quick', 'slow', 'gone'].map((name) => ({
    name,
    url: `http://127.0.0.1:${port}/${name}.onnx`,
    sha256,
    card: name,
  }));
  writeFileSync(join(cards, 'registry.json'), JSON.stringify({ models }));
  api = await openSmallApi({
    modelFolders: [join(folder, 'installed'), cards],
    providers: [
      {
        provide: MODEL_CHILD,
        useValue: new URL('../../dist/libs/classifier/pool/child.js', import.meta.url),
      },
    ],
  });
});
afterAll(async () => {
  await api?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const install = (name: unknown) =>
  api.get('/api/v1/models/install', {
    method: 'POST',
    as: 'admin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
const newestJob = async () => (await api.json('/api/v1/jobs', { as: 'admin' })).items[0];

describe('public models', () => {
  it('are listed with what people should know before they install one', async () => {
    const { items } = await api.json('/api/v1/models/registry', { as: 'admin' });
    expect(items).toEqual([
      expect.objectContaining({
        name: 'quick',
        labels: 8,
        commercial: true,
        installed: false,
        active: false,
      }),
      expect.objectContaining({ name: 'slow', licence: 'CC-BY-NC-4.0', commercial: false }),
      expect.objectContaining({ name: 'gone' }),
    ]);
  });

  it('are installed in the background, checked, and found then', async () => {
    const answer = await install('quick');
    expect([answer.status, await answer.json()]).toEqual([
      202,
      expect.objectContaining({ kind: 'model-install', title: 'quick', state: 'running', by: 'admin' }),
    ]);
    await eventually(async () => (await newestJob()).state !== 'running');
    expect(await newestJob()).toMatchObject({
      state: 'done',
      done: MODEL.length,
      total: MODEL.length,
      unit: 'bytes',
      message: expect.stringContaining('quick-1 is installed'),
    });
    const card = JSON.parse(readFileSync(join(api.dataDir, 'models/quick/model.json'), 'utf8'));
    expect(card.id).toBe('quick');
  }, 60_000);

  it('can be canceled half-way, and leave nothing behind', async () => {
    const { id } = (await (await install('slow')).json()) as { id: string };
    await eventually(async () => (await newestJob()).done === 1000);
    await api.get(`/api/v1/jobs/${id}`, { method: 'DELETE', as: 'admin' });
    await eventually(async () => (await newestJob()).state === 'canceled');
    release?.();
    expect(() => readFileSync(join(api.dataDir, 'models/slow/model.json'))).toThrow(/ENOENT/);
  }, 60_000);

  it('say why they cannot be installed', async () => {
    await install('gone');
    await eventually(async () => (await newestJob()).state === 'failed');
    expect((await newestJob()).message).toMatch(/the server answered 404/);
    const unknown = await install('http://127.0.0.1/any.onnx');
    expect([unknown.status, await unknown.json()]).toEqual([
      400,
      expect.objectContaining({ errors: [{ field: 'name', message: 'must be one of quick, slow, gone' }] }),
    ]);
  }, 60_000);
});
