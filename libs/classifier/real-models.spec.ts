import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installModel } from './card/install-model.js';
import { ClassifierPool } from './pool/classifier-pool.js';
import type { CropResult } from './pool/crop-result.js';

// Real models and crops are no part of this repository: these tests need a folder with models/ and data/.
const shared = process.env['TRAPLINE_SHARED'] ?? '';
const childFile = new URL('../../dist/libs/classifier/pool/child.js', import.meta.url);
const models = fileURLToPath(new URL('../../models/', import.meta.url));

(shared ? describe : describe.skip)('a real model runs from its card alone', () => {
  let into: string;
  beforeAll(async () => {
    into = await mkdtemp(join(tmpdir(), 'real-'));
  });
  afterAll(() => rm(into, { recursive: true }));

  async function classifyAll(name: string, folder: string): Promise<Map<string, CropResult>> {
    const options = { into, registry: join(models, 'registry.json'), knownCardsDir: models, childFile };
    const model = await installModel(join(shared, 'models', name), options);
    const files = (await readdir(join(shared, 'data', folder))).filter((file) => /\.(png|jpe?g)$/.test(file));
    const results = new Map<string, CropResult>();
    await new Promise<void>((resolve, reject) => {
      const onBatch = (batch: readonly CropResult[]): void => {
        for (const result of batch) results.set(result.key, result);
        if (results.size === files.length) pool.then((p) => p.close()).then(resolve, reject);
      };
      const pool = ClassifierPool.start(model, { processes: 1, childFile, onBatch });
      pool.then((p) => {
        for (const file of files) p.offer({ key: file, path: join(shared, 'data', folder, file) });
      }, reject);
    });
    return results;
  }

  function top1(results: Map<string, CropResult>, key: string): string {
    const result = results.get(key);
    return result?.state === 'classified' ? (result.ranked[0]?.label ?? '') : JSON.stringify(result);
  }

  it('inat-insects, with the answers that are known', async () => {
    const results = await classifyAll('inat-insects-with-bias', 'trap-crops-27-classes');
    const path = join(shared, 'models/inat-insects-with-bias/known-answers.json');
    const known: Record<string, [string, number]> = JSON.parse(await readFile(path, 'utf8'));
    // How the picture was resized for them is not the card's way: where two labels are near, they change places.
    const clear = Object.entries(known).filter(([, [, probability]]) => probability > 0.15);
    expect(clear.length).toBeGreaterThan(15);
    for (const [file, [label]] of clear)
      expect(top1(results, file)).toBe(label.replace(/ \(.*$/, '').replace(' ', '_'));
    expect([...results.values()].every(({ state }) => state === 'classified')).toBe(true);
  }, 120_000);

  it('mobilenet-v1-0.25-128', async () => {
    const results = await classifyAll('mobilenet-v1-0.25-128', 'trap-crops-27-classes');
    expect(top1(results, 'ant_1.png')).toBe('ant');
  }, 120_000);

  it('squeezenet-1.1, in half precision, BGR, and one image at a time', async () => {
    const results = await classifyAll('squeezenet-1.1', 'trap-crops-27-classes');
    expect(top1(results, 'ant_1.png')).toBe('ant');
    expect(top1(results, 'beetle_oedem_1.png')).toBe('long-horned_beetle');
  }, 120_000);

  it('truncated camera JPEGs are classified, too', async () => {
    const results = await classifyAll('mobilenet-v1-0.25-128', 'corrupt-jpegs');
    expect([...results.values()].map(({ state }) => state)).toEqual([
      'classified',
      'classified',
      'classified',
    ]);
  }, 120_000);
});
