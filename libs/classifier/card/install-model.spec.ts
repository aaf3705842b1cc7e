import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ModelProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import sharp from 'sharp';
import { type TestModelOptions, writeTestModel } from '../fixture/test-model.js';
import { writeTflite } from '../fixture/tflite-file.js';
import type { ModelCard } from './card.js';
import { identify } from './fetch-source.js';
import { installModel } from './install-model.js';
import { findModel, listModels, type ModelPackage, openModel } from './model-folders.js';
import { verifyModel } from './verify-model.js';

const childFile = new URL('../../../dist/libs/classifier/pool/child.js', import.meta.url);
let folder: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-'));
  await mkdir(join(folder, 'known'));
  await writeRegistry([]);
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const writeRegistry = (models: unknown[]): Promise<void> =>
  writeFile(join(folder, 'known/registry.json'), JSON.stringify({ models }));

const make = (name: string, options?: TestModelOptions): Promise<ModelPackage> =>
  writeTestModel(join(folder, name), options);

const install = (source: string, sha256?: string): Promise<ModelPackage> =>
  installModel(source, {
    into: join(folder, 'installed'),
    registry: join(folder, 'known/registry.json'),
    knownCardsDir: join(folder, 'known'),
    childFile,
    ...(sha256 && { sha256 }),
  });

const installed = (): Promise<string[]> => readdir(join(folder, 'installed'));

/** Serves a file, whole or from an offset on, and breaks off each answer after so many bytes. */
async function serveBroken(
  bytes: Buffer,
  after: number,
): Promise<{ url: string; asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    if (request.url !== '/model.onnx') return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(from);
    response.writeHead(from ? 206 : 200, {
      'content-length': rest.length,
      ...(from && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    response.write(rest.subarray(0, after), () => {
      if (rest.length > after) setTimeout(() => request.socket.destroy(), 50);
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`, asked };
}

async function serve(file: string): Promise<string> {
  const bytes = await readFile(file);
  server = createServer((request, response) => {
    if (request.url !== '/model.onnx') response.writeHead(404);
    response.end(request.url === '/model.onnx' ? bytes : '');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`;
}

/** The test model as an exporter would write it: with notes in the file, and no card. */
async function noted(notes: Record<string, string>, options: TestModelOptions = {}): Promise<string> {
  const { modelPath } = await make('noted', options);
  const model = fromBinary(ModelProtoSchema, await readFile(modelPath));
  for (const [key, value] of Object.entries(notes)) {
    model.metadataProps.push(create(StringStringEntryProtoSchema, { key, value }));
  }
  const path = join(folder, 'my-own_cls.onnx');
  await writeFile(path, toBinary(ModelProtoSchema, model));
  return path;
}

/** A model of TensorFlow Lite that tells dark from light. */
const brightness = (): Uint8Array =>
  writeTflite(
    [
      { shape: [1, 4, 4, 3], type: 3, scale: [1 / 255], zeroPoint: [0] },
      { shape: [1, 48], type: 3, scale: [1 / 255], zeroPoint: [0] },
      {
        shape: [2, 48],
        type: 9,
        scale: [0.01],
        data: Int8Array.from({ length: 96 }, (_, i) => (i < 48 ? -20 : 20)),
      },
      { shape: [1, 2], type: 3, scale: [0.1], zeroPoint: [128] },
      { shape: [1, 2] },
    ],
    [
      { code: 22, inputs: [0], outputs: [1] },
      { code: 9, inputs: [1, 2], outputs: [3] },
      { code: 25, inputs: [3], outputs: [4], options: [{ float32: 1 }] },
    ],
  );

const NAMES = `{0: 'bee_apis', 1: "wasp", 2: 'none_bg', 3: 'other'}`;

describe('installing a model', () => {
  it('takes a folder with its card', async () => {
    const { folder: source } = await make('mine');
    const model = await install(source);
    expect(model.key).toBe('test-colours-1');
    expect(await installed()).toEqual(['test-colours']);
    expect(await findModel('test-colours', [join(folder, 'installed')])).toBe(model.folder);
  });

  it('takes a folder without a card if the file is one that we know', async () => {
    const { folder: known } = await make('known/colours');
    await mkdir(join(folder, 'bare'));
    await copyFile(join(known, 'model.onnx'), join(folder, 'bare/model.onnx'));
    await rm(join(known, 'model.onnx'));
    await writeFile(join(folder, 'bare/labels.txt'), 'whatever');
    expect((await install(join(folder, 'bare'))).card.id).toBe('test-colours');
  });

  it('fetches a model of the registry and knows it by its git blob id', async () => {
    const { modelPath, folder: known, card } = await make('known/colours');
    const url = await serve(modelPath);
    const { gitBlob, sha256, bytes } = await identify(modelPath);
    const file = { path: 'model.onnx', gitBlob };
    await writeFile(join(known, 'model.json'), JSON.stringify({ ...card, file }));
    await rm(modelPath);
    await writeRegistry([{ name: 'colours', url, gitBlob, card: 'colours' }]);
    expect((await install('colours')).card.file).toEqual({ path: 'model.onnx', sha256, bytes });
  });

  it('computes git blob ids as git does', async () => {
    await writeFile(join(folder, 'hello'), 'hello\n');
    expect((await identify(join(folder, 'hello'))).gitBlob).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  });

  it('takes a file from a URL with its sha256', async () => {
    const { modelPath } = await make('known/colours');
    const { sha256 } = await identify(modelPath);
    const model = await install(await serve(modelPath), sha256);
    expect(model.card.file.sha256).toBe(sha256);
  });

  it('changes nothing when the hash is wrong', async () => {
    const { modelPath } = await make('known/colours');
    await expect(install(modelPath, '0'.repeat(64))).rejects.toMatchObject({ code: 'hash-mismatch' });
    await writeRegistry([
      { name: 'c', url: await serve(modelPath), gitBlob: '0'.repeat(40), card: 'colours' },
    ]);
    await expect(install('c')).rejects.toMatchObject({ code: 'hash-mismatch' });
    expect(await installed()).toEqual([]);
  });

  it('says so when the server does not have it, or when there is no such source', async () => {
    const { modelPath } = await make('known/colours');
    const url = await serve(modelPath);
    await expect(install(`${url}x`)).rejects.toMatchObject({ code: 'download-failed' });
    await expect(install('http://example.org/m.onnx')).rejects.toMatchObject({ code: 'download-failed' });
    await expect(install('no-such-model')).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('takes a broken download up where it ended, and the next address where one does not answer', async () => {
    const { modelPath } = await make('known/colours');
    const bytes = await readFile(modelPath);
    const { sha256 } = await identify(modelPath);
    await rm(modelPath);
    const third = Math.ceil(bytes.length / 3);
    const { url, asked } = await serveBroken(bytes, third);
    const gone = url.replace('model.onnx', 'gone.onnx');
    await writeRegistry([{ name: 'colours', url: gone, mirrors: [url], sha256, card: 'colours' }]);
    expect((await install('colours')).card.file.sha256).toBe(sha256);
    expect(asked).toEqual([undefined, undefined, `bytes=${third}-`, `bytes=${2 * third}-`]);
    expect(await installed()).toEqual(['test-colours']);
  });

  it('goes on with what an attempt of before has left, and begins anew where that is wrong', async () => {
    const { modelPath } = await make('known/colours');
    const bytes = await readFile(modelPath);
    const { sha256 } = await identify(modelPath);
    await rm(modelPath);
    const { url, asked } = await serveBroken(bytes, bytes.length);
    await writeRegistry([{ name: 'colours', url, sha256, card: 'colours' }]);
    await mkdir(join(folder, 'installed'));
    const part = join(folder, 'installed', `.download-${sha256}`);
    await writeFile(part, Buffer.alloc(100, 'x'));
    await expect(install('colours')).rejects.toMatchObject({ code: 'hash-mismatch' });
    await writeFile(part, bytes.subarray(0, 100));
    expect((await install('colours')).card.file.sha256).toBe(sha256);
    expect(asked).toEqual(['bytes=100-', 'bytes=100-']);
    expect(await installed()).toEqual(['test-colours']);
  });

  it('converts a model of TensorFlow Lite, known or with the names of its labels beside it', async () => {
    const bytes = brightness();
    await mkdir(join(folder, 'lite'));
    const path = join(folder, 'lite/light.tflite');
    await writeFile(path, bytes, { mode: 0o400 });
    await expect(install(path)).rejects.toMatchObject({ code: 'card-unknown' });
    await writeFile(join(folder, 'lite/labels.txt'), 'none_dark\nApis mellifera\n');
    const { card, folder: target } = await install(path);
    expect(card).toMatchObject({
      id: 'light',
      input: { name: 'image', dtype: 'uint8', height: 4, width: 4, batch: 'dynamic' },
      output: { name: 'prediction', kind: 'probabilities' },
      convertedFrom: { sha256: (await identify(path)).sha256, bytes: bytes.length },
    });
    expect(card.labels.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'none_dark non_insect',
      'Apis_mellifera taxon',
    ]);
    await expect(verifyModel(target, { childFile })).resolves.toMatchObject({
      key: `${card.id}-${card.version}`,
    });
    await rm(join(folder, 'lite/labels.txt'));
    await mkdir(join(folder, 'known/light'));
    const { convertedFrom, ...rest } = card;
    await writeFile(
      join(folder, 'known/light/model.json'),
      JSON.stringify({ ...rest, version: '2', file: convertedFrom }),
    );
    expect((await install(join(folder, 'lite'))).card).toMatchObject({ version: '2', convertedFrom });
  });

  it('refuses a model of TensorFlow Lite that is cut off, and leaves nothing behind', async () => {
    const path = join(folder, 'light.tflite');
    await writeFile(path, brightness().subarray(0, 300));
    await expect(install(path)).rejects.toMatchObject({ code: 'not-convertible' });
    expect(await installed()).toEqual([]);
  });

  it('writes the card of a YOLOv5 export from what stands in the file', async () => {
    const model = await install(await noted({ stride: '32', names: NAMES }));
    expect(model.card).toMatchObject({
      id: 'my-own_cls',
      input: { name: 'images', height: 32, width: 32, batch: 1 },
      preprocess: { geometry: 'centre-crop', resample: 'cv2-linear', mean: [0.485, 0.456, 0.406] },
      output: { name: 'output0', kind: 'logits' },
    });
    expect(model.card.labels.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'bee_apis taxon',
      'wasp taxon',
      'none_bg non_insect',
      'other other',
    ]);
  });

  it('writes the card of an Ultralytics export, whose output is softmaxed already', async () => {
    const notes = {
      names: NAMES,
      task: 'classify',
      imgsz: '[32, 32]',
      author: 'Ultralytics',
      version: '8.3.0',
    };
    const { card } = await install(await noted(notes, { kind: 'probabilities', batch: 'dynamic' }));
    expect(card.preprocess).toMatchObject({
      geometry: 'shorter-side-centre-crop',
      resample: 'pil-bilinear',
      mean: [0, 0, 0],
    });
    expect(card.output.kind).toBe('probabilities');
  });

  it('writes the card from the files of Hugging Face beside the model', async () => {
    const path = await noted({});
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd' } }),
    );
    const steps = {
      size: { height: 32, width: 32 },
      resample: 2,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    };
    await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(steps));
    const { card } = await install(path);
    expect(card.preprocess).toMatchObject({
      geometry: 'stretch',
      resample: 'pil-bilinear',
      mean: [0.5, 0.5, 0.5],
    });
    expect(card.labels.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does what the files of Hugging Face say about pixels, or refuses it by name, and null says nothing', async () => {
    const path = await noted({});
    const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));
    await write('config.json', { id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd' } });
    const steps = {
      image_processor_type: 'MobileViTImageProcessor',
      size: { shortest_edge: 36 },
      do_center_crop: true,
      crop_size: { height: 32, width: 32 },
      resample: 2,
      do_flip_channel_order: true,
      device: null,
      pad_size: null,
    };
    await write('preprocessor_config.json', { ...steps, do_pad: true });
    await expect(install(path)).rejects.toMatchObject({
      code: 'card-invalid',
      message: expect.stringContaining('do_pad'),
    });
    expect(await installed()).toEqual([]);
    await write('preprocessor_config.json', { ...steps, do_pad: null });
    const { card } = await install(path);
    expect(card.input.color).toBe('BGR');
    expect(card.preprocess).toMatchObject({ geometry: 'shorter-side-centre-crop', shorterSide: 36 });
  });

  it('refuses a file of which nothing is known', async () => {
    await expect(install(await noted({}))).rejects.toMatchObject({ code: 'card-unknown' });
    await expect(install(await noted({ names: `{0: 'one', 1: 'two'}` }))).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    expect(await installed()).toEqual([]);
  });

  it('replaces an older version, and keeps what is there from another model of the same version', async () => {
    await install((await make('first')).folder);
    const other: TestModelOptions = { labels: ['r', 'g', 'b'] };
    await expect(install((await make('other', other)).folder)).rejects.toMatchObject({
      code: 'already-installed',
    });
    const next = await install((await make('next', { ...other, card: { version: '2' } })).folder);
    expect(next.key).toBe('test-colours-2');
    expect(await installed()).toEqual(['test-colours']);
  });
});

describe('opening a model', () => {
  it.each([
    ['input.name', { input: { name: 'pixels' } }],
    ['output.name', { output: { name: 'logits' } }],
    ['input.dtype', { input: { dtype: 'uint8' } }],
    ['input (layout', { input: { height: 64 } }],
    ['input (layout', { input: { batch: 'dynamic' } }],
    ['labels', { output: { labelOffset: 1 } }],
  ])('refuses a card whose %s is not that of the file', async (field, change) => {
    const { folder: path, card } = await make('model');
    const wrong = Object.fromEntries(
      Object.entries(change).map(([part, fields]) => [
        part,
        { ...(card[part as keyof ModelCard] as object), ...fields },
      ]),
    );
    await writeFile(join(path, 'model.json'), JSON.stringify({ ...card, ...wrong }));
    await expect(openModel(path)).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringContaining(field),
    });
  });

  it('refuses a file with other bytes, and a folder without a file or a card', async () => {
    const { folder: path, modelPath } = await make('model');
    await writeFile(modelPath, 'other bytes');
    await expect(openModel(path)).rejects.toMatchObject({ code: 'hash-mismatch' });
    await rm(modelPath);
    await expect(openModel(path)).rejects.toMatchObject({ code: 'model-missing' });
    await expect(openModel(folder)).rejects.toMatchObject({ code: 'model-missing' });
    await expect(findModel('nothing', [folder])).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('lists models, of two with one name the one that is there', async () => {
    await make('a/colours');
    await make('b/colours');
    await rm(join(folder, 'a/colours/model.onnx'));
    await mkdir(join(folder, 'a/wrong'));
    await writeFile(join(folder, 'a/wrong/model.json'), '{}');
    const models = await listModels([join(folder, 'a'), join(folder, 'b'), join(folder, 'nowhere')]);
    expect(models.map(({ name, installed }) => `${name} ${installed}`)).toEqual([
      'colours true',
      'wrong false',
    ]);
    expect(models[0]?.folder).toBe(join(folder, 'b/colours'));
    expect(models[1]?.fault).toContain('card');
  });
});

describe('verifying a model', () => {
  const red = (): Promise<Buffer> =>
    sharp({ create: { width: 20, height: 20, channels: 3, background: '#d01010' } })
      .png()
      .toBuffer();

  it('agrees with golden answers that are right', async () => {
    const { folder: path } = await make('model', {
      card: { golden: [{ image: 'red.png', top1: 'red', tolerance: 0.01 }] },
    });
    await writeFile(join(path, 'red.png'), await red());
    await expect(verifyModel(path, { childFile })).resolves.toMatchObject({ key: 'test-colours-1' });
  });

  it.each([
    ['top-1', { top1: 'blue' }],
    ['some of the best', { top: [{ label: 'red', probability: 0.5 }] }],
    ['logits', { logits: [1, 2, 3, 4] }],
    ['probabilities', { probabilities: [0.25, 0.25, 0.25, 0.25] }],
  ])('refuses a model that answers otherwise: %s', async (_, golden) => {
    const { folder: path } = await make('model', {
      card: { golden: [{ image: 'red.png', tolerance: 0.01, ...golden }] },
    });
    await writeFile(join(path, 'red.png'), await red());
    await expect(verifyModel(path, { childFile })).rejects.toMatchObject({ code: 'golden-mismatch' });
    await expect(install(path)).rejects.toMatchObject({ code: 'golden-mismatch' });
    expect(await installed()).toEqual([]);
  });
});
