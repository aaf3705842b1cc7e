import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type CropResult, type ModelPackage, openModel } from '../../libs/classifier/index.js';
import { colourModel } from '../../test/fixtures/model.js';
import { ClassifierSupervisor, type ClassifierSupervisorOptions } from './classifier-supervisor.js';

const dist = new URL('../../dist/libs/classifier/', import.meta.url);
const childFile = new URL('pool/child.js', dist);
const decodeFile = new URL('pool/decode-program.js', dist);
const failingChild = new URL('fixture/failing-child.js', dist);

let folder: string;
let model: ModelPackage;
let kept: ClassifierSupervisor;
let told: string[];
let results: CropResult[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  cpSync(await colourModel(), join(folder, 'model'), { recursive: true });
  model = await openModel(join(folder, 'model'));
  told = [];
  results = [];
});
afterEach(async () => {
  await kept.stop();
  rmSync(folder, { recursive: true });
});

const codeOf = (error: unknown) => (error as { code?: string }).code;
const failTimes = (times: number) => {
  for (let i = 1; i <= times; i += 1) writeFileSync(join(model.folder, `fail-${i}`), '');
};
function keep(options: Partial<ClassifierSupervisorOptions> = {}): ClassifierSupervisor {
  kept = new ClassifierSupervisor(model, {
    processes: 1,
    childFile,
    backoff: { firstMs: 10, lastMs: 20 },
    onBatch: (batch) => void results.push(...batch),
    onUp: () => void told.push('up'),
    onFailure: (error, failures, pauseMs) => void told.push(`${codeOf(error)} ${failures}: ${pauseMs} ms`),
    onUnusable: (error) => void told.push(`unusable: ${codeOf(error)}`),
    ...options,
  });
  return kept;
}

describe('the classifier of a service', () => {
  it('is tried again, with growing pauses, when its process is killed at the start, and then classifies', async () => {
    failTimes(3);
    const starting = keep({ childFile: failingChild, decodeFile }).start();
    expect([kept.state, kept.pool]).toEqual(['starting', undefined]);
    await starting;
    expect(told).toEqual(['start-failed 1: 10 ms', 'start-failed 2: 20 ms', 'start-failed 3: 20 ms', 'up']);
    expect(kept.state).toBe('running');
    const red = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#d01010' } })
      .png()
      .toBuffer();
    expect(await kept.pool?.classifyImage(red)).toMatchObject({ state: 'classified' });
  });

  it('is tried again when the file of the model cannot be read for a while', async () => {
    const away = `${model.modelPath}.away`;
    renameSync(model.modelPath, away);
    const onFailure = (error: unknown) => {
      told.push(`${codeOf(error)}`);
      renameSync(away, model.modelPath);
    };
    await keep({ onFailure }).start();
    expect([told, kept.state]).toEqual([['start-failed', 'up'], 'running']);
  });

  it('begins with the processes that come up, where one of them does not', async () => {
    failTimes(1);
    const late: unknown[] = [];
    const onStartFailure = (error: unknown) => void late.push(codeOf(error));
    await keep({ childFile: failingChild, decodeFile, processes: 2, onStartFailure }).start();
    expect([told, kept.state, late]).toEqual([['up'], 'running', ['start-failed']]);
  });

  it('is given up, and says so, when the model is not the one that was opened', async () => {
    keep();
    writeFileSync(model.modelPath, 'something else');
    await kept.start();
    expect([told, kept.state, kept.pool]).toEqual([['unusable: hash-mismatch'], 'failed', undefined]);
  });

  it('tells of a model that was replaced when a process has to be started again, and runs when it is back', async () => {
    await keep().start();
    const [pid] = kept.pool?.pids ?? [];
    renameSync(model.modelPath, `${model.modelPath}.own`);
    writeFileSync(model.modelPath, 'something else');
    process.kill(pid as number, 'SIGKILL');
    await until(() => kept.state === 'failed');
    expect([told, kept.pool]).toEqual([['up', 'unusable: hash-mismatch'], undefined]);
    renameSync(`${model.modelPath}.own`, model.modelPath);
    await until(() => kept.state === 'running');
  });

  it('can be stopped while it waits for the next attempt', async () => {
    failTimes(1);
    const waiting = new Promise<void>((resolve) => {
      keep({
        childFile: failingChild,
        decodeFile,
        backoff: { firstMs: 3_600_000, lastMs: 3_600_000 },
        onFailure: () => resolve(),
      });
    });
    const started = kept.start();
    await waiting;
    await kept.stop();
    await started;
    expect([told, kept.state]).toEqual([[], 'starting']);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
