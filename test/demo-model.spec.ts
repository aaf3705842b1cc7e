import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;

beforeAll(async () => {
  // As on a fresh machine: nothing is set, nothing is installed.
  station = await Station.start({ TRAPLINE_MODEL: undefined });
});
afterAll(() => station.remove());

interface Models {
  readonly items: readonly { readonly key: string; readonly active: boolean; readonly demo: boolean }[];
  readonly advice?: string;
}
const models = () => station.json<Models>('/api/v1/models');

async function send(run: string): Promise<void> {
  const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  await trap.crop(run, 'c0', await crop('red', 1));
  await trap.end(run, { crops: 1 });
  await eventually(() => trap.answers(run, 'result').find(({ final }) => final === true));
  await trap.close();
}

describe('a fresh service', () => {
  it('classifies with the demo model, and says that it knows no real insect', async () => {
    await send('first');
    expect((await findRun(station, 'trap-1', 'first')).observation?.model).toBe('demo-1');
    expect(await models()).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ active: true, demo: true })]),
      advice: expect.stringMatching(/no real one.*model install/),
    });
    expect(station.output).toContain('the demo model classifies');
  });

  it('uses the model that is installed from its next start on, without a setting', async () => {
    await station.command('model', 'install', await colourModel());
    await station.stop();
    await station.start();
    const { items, advice } = await models();
    expect(items.filter(({ active }) => active)).toEqual([
      expect.objectContaining({ key: 'test-colours-1', demo: false }),
    ]);
    expect(advice).toBeUndefined();
    await send('second');
    expect((await findRun(station, 'trap-1', 'second')).observation).toMatchObject({ label: 'red' });
  });

  it('lets that model answer anew for what the demo model has seen', async () => {
    expect((await findRun(station, 'trap-1', 'first')).observation?.model).toBe('demo-1');
    await station.command('reclassify');
    await eventually(async () => (await findRun(station, 'trap-1', 'first')).observation?.label === 'red');
  });
});
