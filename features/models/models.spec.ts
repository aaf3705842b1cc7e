import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseCard } from '../../libs/classifier/card/card.js';
import { type ModelPackage, modelKey } from '../../libs/classifier/index.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';

let api: SmallApi;
afterEach(() => api.close());

async function mobileNet(): Promise<ModelPackage> {
  const folder = 'models/mobilenet-v1-0.25-128';
  const card = parseCard(JSON.parse(await readFile(`${folder}/model.json`, 'utf8')));
  return { card, folder, modelPath: `${folder}/${card.file.path}`, key: modelKey(card) };
}

describe('the models', () => {
  it('say what the active one is and where it comes from', async () => {
    const model = await mobileNet();
    api = await openSmallApi({ model });
    const { active, items } = await api.json('/api/v1/models');
    expect([active, items.length]).toEqual([true, 1]);
    expect(items[0]).toMatchObject({
      key: model.key,
      name: model.card.id,
      version: model.card.version,
      active: true,
      sha256: model.card.file.sha256 ?? null,
      licence: model.card.licence,
      source: model.card.source,
      labels: model.card.labels.length,
      input: { width: 128, height: 128 },
    });
  });

  it('say how to install one where there is none', async () => {
    api = await openSmallApi();
    expect(await api.json('/api/v1/models')).toMatchObject({
      active: false,
      items: [],
      advice: expect.stringContaining('model install'),
    });
    expect(await api.json('/api/v1/labels')).toEqual({ model: null, items: [] });
  });
});

describe('one model', () => {
  it('comes with its whole card, by its key or its name', async () => {
    const model = await mobileNet();
    api = await openSmallApi({ model });
    for (const name of [model.key, model.card.id]) {
      const found = await api.json(`/api/v1/models/${name}`);
      expect(found).toMatchObject({
        key: model.key,
        active: true,
        links: { self: `/api/v1/models/${model.key}` },
      });
      expect(found.card).toEqual(JSON.parse(JSON.stringify(model.card)));
    }
  });

  it('is known where it is installed, though another one is active', async () => {
    const model = await mobileNet();
    const folder = await mkdtemp(join(tmpdir(), 'models-'));
    const other = { ...model.card, id: 'other', file: { ...model.card.file, path: 'model.onnx' } };
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other', 'model.json'), JSON.stringify(other));
    api = await openSmallApi({ model, modelFolders: [folder] });
    expect((await api.get('/api/v1/models/other')).status).toBe(404);
    await writeFile(join(folder, 'other', 'model.onnx'), 'a model');
    const { items } = await api.json('/api/v1/models');
    expect(items.map(({ name, active }: { name: string; active: boolean }) => [name, active])).toEqual([
      [model.card.id, true],
      ['other', false],
    ]);
    expect(await api.json('/api/v1/models/other')).toMatchObject({ name: 'other', active: false });
    await rm(folder, { recursive: true });
  });

  it('is not found where there is none', async () => {
    api = await openSmallApi();
    for (const name of ['none', '..%2f..%2fpackage', 'a%20b'])
      expect([400, 404]).toContain((await api.get(`/api/v1/models/${name}`)).status);
  });
});

describe('the labels', () => {
  it('are those of the active model, each with whether it counts as an insect', async () => {
    const model = await mobileNet();
    api = await openSmallApi({ model });
    const { items, model: key } = await api.json('/api/v1/labels');
    expect(key).toBe(model.key);
    expect(items.map((item: { label: string }) => item.label)).toEqual(model.card.labels.map(({ id }) => id));
    expect(items[0]).toMatchObject({
      insect: model.card.labels[0]?.kind !== 'non_insect',
      names: { en: expect.any(String) },
    });
  });
});

describe('the contract', () => {
  it('comes as AsyncAPI and as one schema per payload', async () => {
    api = await openSmallApi({
      env: { TRAPLINE_PUBLIC_URL: 'https://traps.example.org', TRAPLINE_MQTT_PORT: '8883' },
    });
    const document = await api.json('/api/v1/protocol/asyncapi.json', { as: 'none' });
    expect(document).toMatchObject({
      asyncapi: '3.0.0',
      servers: { broker: { host: 'traps.example.org:8883' } },
    });
    const schema = await api.json('/api/v1/protocol/schemas/meta.json', { as: 'none' });
    expect(schema).toMatchObject({ title: 'meta', type: 'object' });
  });
});
