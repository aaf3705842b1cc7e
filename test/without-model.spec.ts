import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;

beforeAll(async () => {
  station = await Station.start();
});

afterAll(() => station.remove());

async function send(run: string, id = 'trap-1', password = station.trapPassword): Promise<void> {
  const trap = await Trap.connect(id, password, station.mqttPort);
  for (const i of [0, 1]) await trap.crop(run, `c${i}`, await crop('red', i));
  await trap.end(run, { crops: 2 });
  await eventually(() => trap.answers(run, 'receipt').find(({ state }) => state === 'complete'));
  await trap.close();
}

describe('without a model', () => {
  it('takes and stores everything, as unclassified, and classifies it once a model is there', async () => {
    await send('early');
    expect(await findRun(station, 'trap-1', 'early')).toMatchObject({
      status: 'complete',
      observation: null,
    });
    await station.stop();
    await station.start({ TRAPLINE_MODEL: await colourModel() });
    await eventually(async () => (await findRun(station, 'trap-1', 'early')).observation?.label === 'red');
  });

  it('lets a new model classify the past again, one observation per run', async () => {
    await station.stop();
    const folder = join(station.dataDir, 'models', 'other');
    cpSync(
      await colourModel({ labels: ['ruby', 'emerald', 'sapphire', 'ash'], card: { version: '2' } }),
      folder,
      { recursive: true },
    );
    await station.start({ TRAPLINE_MODEL: 'other' });
    expect((await findRun(station, 'trap-1', 'early')).observation).toMatchObject({
      label: 'red',
      model: 'test-colours-1',
    });
    await station.command('reclassify');
    const run = await eventually(async () => {
      const found = await findRun(station, 'trap-1', 'early');
      return found.observation?.model === 'test-colours-2' && found;
    });
    expect(run.observation).toMatchObject({ label: 'ruby', crops: 2, final: true });
    expect(run.observation?.revision).toBeGreaterThan(1);
  });

  it('stops the start with a clear error where the model is not what its card says', async () => {
    const folder = await colourModel();
    const { appendFileSync } = await import('node:fs');
    appendFileSync(join(folder, 'model.onnx'), 'x');
    await station.stop();
    await expect(station.start({ TRAPLINE_MODEL: folder })).rejects.toThrow(/hash-mismatch/);
    await station.start({ TRAPLINE_MODEL: 'other' });
  });
});
