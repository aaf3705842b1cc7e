import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { ModelPackage } from '../card/model-folders.js';
import { writeTestModel } from '../fixture/test-model.js';
import { ClassifierPool, type PoolOptions } from './classifier-pool.js';
import type { CropResult } from './crop-result.js';

const dist = new URL('../../../dist/libs/classifier/', import.meta.url);
const childFile = new URL('pool/child.js', dist);
const decodeFile = new URL('pool/decode-program.js', dist);
const poisonedChild = new URL('fixture/poisoned-child.js', dist);

const COLOURS = { red: '#d01010', green: '#10d010', blue: '#1010d0' };

let folder: string;
let model: ModelPackage;
let pool: ClassifierPool | undefined;
let results: CropResult[];
let wake: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pool-'));
  model = await writeTestModel(join(folder, 'model'));
  for (const [name, background] of Object.entries(COLOURS)) {
    const image = sharp({ create: { width: 50, height: 40, channels: 3, background } });
    await writeFile(path(name), await image.jpeg().toBuffer());
  }
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, `${name}.jpg`);

async function start(options: Partial<PoolOptions> = {}, of: ModelPackage = model): Promise<ClassifierPool> {
  results = [];
  wake = () => {};
  const onBatch = (batch: readonly CropResult[]): void => {
    results.push(...batch);
    wake();
  };
  pool = await ClassifierPool.start(of, { processes: 1, childFile, decodeFile, onBatch, ...options });
  return pool;
}

async function resultsOf(count: number): Promise<Map<string, CropResult>> {
  while (results.length < count) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return new Map(results.map((result) => [result.key, result]));
}

function top1(result: CropResult | undefined): string {
  return result?.state === 'classified' ? (result.ranked[0]?.label ?? '') : (result?.code ?? 'none');
}

describe('the classifier pool', () => {
  it('classifies many crops in several processes, each once', async () => {
    const { offer } = await start({ processes: 2 }).then((p) => ({ offer: p.offer.bind(p) }));
    const names = Object.keys(COLOURS);
    for (let i = 0; i < 60; i++)
      expect(offer({ key: `${i}`, path: path(names[i % 3] as string) })).toBe(true);
    const byKey = await resultsOf(60);
    expect(results).toHaveLength(60);
    for (let i = 0; i < 60; i++) expect(top1(byKey.get(`${i}`))).toBe(names[i % 3]);
    expect(pool?.size).toBe(0);
  });

  it('gives ranked labels, logits and energy', async () => {
    await start().then((p) => p.offer({ key: 'a', path: path('green') }));
    const result = (await resultsOf(1)).get('a');
    expect(result).toMatchObject({
      state: 'classified',
      logits: expect.any(Float32Array),
      energy: expect.any(Number),
    });
    if (result?.state !== 'classified') throw new Error('not classified');
    expect(result.ranked.map(({ probability }) => probability)).toEqual(
      result.ranked.map(({ probability }) => probability).sort((a, b) => b - a),
    );
  });

  it('tells what is no image from what is not there and from what cannot be read', async () => {
    const p = await start();
    await writeFile(path('text'), 'not an image');
    await mkdir(path('folder'));
    for (const key of ['text', 'nowhere', 'folder', 'red']) p.offer({ key, path: path(key) });
    const byKey = await resultsOf(4);
    expect(byKey.get('text')).toMatchObject({ state: 'failed', code: 'undecodable' });
    expect(byKey.get('nowhere')).toMatchObject({ state: 'failed', code: 'missing', errno: 'ENOENT' });
    expect(byKey.get('folder')).toMatchObject({ state: 'failed', code: 'missing', errno: 'EISDIR' });
    expect(top1(byKey.get('red'))).toBe('red');
  });

  it('takes a key only once while it is under way, and again afterwards', async () => {
    const p = await start();
    const crop = { key: 'a', path: path('red') };
    expect([p.offer(crop), p.offer(crop), p.size]).toEqual([true, false, 1]);
    await resultsOf(1);
    expect(p.offer(crop)).toBe(true);
    await resultsOf(2);
  });

  it('takes no more than its queue holds, and more when there is room again', async () => {
    const p = await start({ queueLimit: 20 });
    const taken = Array.from({ length: 30 }, (_, i) => p.offer({ key: `${i}`, path: path('red') }));
    expect(taken.filter(Boolean)).toHaveLength(20);
    expect([p.size, p.room]).toEqual([20, 0]);
    await resultsOf(20);
    expect([p.size, p.room]).toEqual([0, 20]);
  });

  it('classifies a single image from memory', async () => {
    const p = await start();
    const blue = await sharp({ create: { width: 9, height: 9, channels: 3, background: COLOURS.blue } })
      .png()
      .toBuffer();
    expect(top1(await p.classifyImage(blue))).toBe('blue');
    expect(await p.classifyImage(Buffer.from('x'), undefined, 'mine')).toMatchObject({
      key: 'mine',
      code: 'undecodable',
    });
    expect(results).toEqual([]);
  });

  it('lets crops go before single images, but nobody wait until there are no more of them', async () => {
    const p = await start();
    const red = await readFile(path('red'));
    for (let i = 0; i < 240; i++) p.offer({ key: `${i}`, path: path('red') });
    const after = await Promise.all([1, 2, 3].map(() => p.classifyImage(red).then(() => results.length)));
    expect(after[0]).toBeGreaterThanOrEqual(24);
    expect(after[2]).toBeLessThan(240);
    expect(after).toEqual([...after].sort((a, b) => a - b));
    await resultsOf(240);
  });

  it('says that it is busy where many single images wait', async () => {
    const p = await start();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => p.classifyImage(Buffer.from('x'))),
    );
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason.code] : [],
    );
    expect(refused).toEqual(Array(4).fill('busy'));
  });

  it('loses no crop when its process is killed, and starts another', async () => {
    const exits: unknown[] = [];
    const p = await start({ onProcessExit: (exit) => exits.push(exit) });
    const [pid] = p.pids;
    for (let i = 0; i < 100; i++) p.offer({ key: `${i}`, path: path('green') });
    await resultsOf(8);
    process.kill(pid as number, 'SIGKILL');
    const byKey = await resultsOf(100);
    expect([...byKey.values()].every((result) => top1(result) === 'green')).toBe(true);
    expect(results).toHaveLength(100);
    expect(exits).toEqual([{ pid, code: null, signal: 'SIGKILL', restartInMs: 100 }]);
    expect(p.pids).not.toEqual([pid]);
  });

  it('finds the crop that kills its processes, quarantines it, and classifies all others', async () => {
    const p = await start({ childFile: poisonedChild, processes: 2 });
    await copyFile(path('red'), path('poison'));
    for (let i = 0; i < 40; i++) p.offer({ key: `${i}`, path: path(i === 5 ? 'poison' : 'red') });
    const byKey = await resultsOf(40);
    expect(byKey.get('5')).toMatchObject({ state: 'failed', code: 'quarantined' });
    byKey.delete('5');
    expect([...byKey.values()].map(top1)).toEqual(Array(39).fill('red'));
    expect(p.size).toBe(0);
  }, 120_000);

  it('classifies what is no plain JPEG, too: decoded in other processes, each as itself', async () => {
    const p = await start();
    const names = Object.keys(COLOURS);
    for (const name of names) {
      await sharp(path(name))
        .png()
        .toFile(join(folder, `${name}.png`));
      await writeFile(path(`${name}-cut`), (await readFile(path(name))).subarray(0, -4));
    }
    for (let i = 0; i < 30; i++) {
      const name = names[i % 3] as string;
      p.offer({ key: `png-${i}`, path: join(folder, `${name}.png`), group: `trap-${i % 2}` });
      p.offer({ key: `cut-${i}`, path: path(`${name}-cut`) });
      p.offer({ key: `jpeg-${i}`, path: path(name) });
    }
    const single = await Promise.all(
      names.map(async (name) => p.classifyImage(await readFile(join(folder, `${name}.png`)))),
    );
    expect(single.map(top1)).toEqual(names);
    const byKey = await resultsOf(90);
    expect(results).toHaveLength(90);
    for (const [key, result] of byKey)
      expect([key, top1(result)]).toEqual([key, names[Number(key.split('-')[1]) % 3]]);
    expect([p.size, p.room]).toEqual([0, 256]);
  });

  it('lets no heavy picture hold up the plain ones, nor take their room', async () => {
    const p = await start({ queueLimit: 20 });
    const wide = sharp({ create: { width: 7000, height: 5000, channels: 3, background: COLOURS.blue } });
    await wide.png().toFile(path('heavy'));
    for (let i = 0; i < 20; i++) expect(p.offer({ key: `heavy-${i}`, path: path('heavy') })).toBe(true);
    while (p.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let i = 0; i < 20; i++) expect(p.offer({ key: `${i}`, path: path('red') })).toBe(true);
    while (results.filter(({ key }) => !key.startsWith('heavy')).length < 20)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    expect(results.filter(({ key }) => key.startsWith('heavy')).length).toBeLessThan(20);
    for (const result of await resultsOf(40))
      expect(top1(result[1])).toBe(result[0].startsWith('heavy') ? 'blue' : 'red');
  });

  it('kills a process that stands still', async () => {
    const p = await start({ childFile: poisonedChild, batchLimitMs: 300 });
    p.offer({ key: 'stuck', path: path('stuck') });
    expect((await resultsOf(1)).get('stuck')).toMatchObject({ state: 'failed', code: 'quarantined' });
  });

  it('does not start with a model that cannot be loaded', async () => {
    const broken = await writeTestModel(join(folder, 'broken'));
    await writeFile(broken.modelPath, 'not a model');
    const { sha256: _, ...file } = broken.card.file;
    const card = { ...broken.card, file };
    await expect(start({}, { ...broken, card })).rejects.toMatchObject({ code: 'load-failed' });
  });

  it('finishes what is in work when it closes, ends its processes, and takes nothing more', async () => {
    const p = await start({ processes: 2 });
    const { pids } = p;
    for (let i = 0; i < 10; i++) p.offer({ key: `${i}`, path: path('red') });
    await new Promise(setImmediate);
    await p.close();
    expect(results.length).toBeGreaterThan(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(p.offer({ key: 'late', path: path('red') })).toBe(false);
    await expect(p.classifyImage(Buffer.alloc(1))).rejects.toMatchObject({ code: 'closed' });
  });

  it('ends its processes when the parent dies', async () => {
    const { fork } = await import('node:child_process');
    const parentFile = join(folder, 'parent.mjs');
    await writeFile(
      parentFile,
      `import { ClassifierPool, openModel } from ${JSON.stringify(new URL('index.js', dist).href)};
       const pool = await ClassifierPool.start(await openModel(${JSON.stringify(model.folder)}), { processes: 1, onBatch() {} });
       process.send(pool.pids[0]);
       setInterval(() => {}, 1000);`,
    );
    const parent = fork(parentFile, { execArgv: [] });
    const pid = await new Promise<number>((resolve) =>
      parent.on('message', (message) => resolve(message as number)),
    );
    parent.kill('SIGKILL');
    const isUp = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const deadline = Date.now() + 10_000;
    while (isUp() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isUp()).toBe(false);
  });
});
