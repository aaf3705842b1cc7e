import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './fixtures/eventually.js';
import { readingModel, tellingPicture } from './fixtures/reading-model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const LABELS = ['bee', 'wasp'];
let station: Station;
let trap: Trap;
let model: string;

beforeAll(async () => {
  model = readingModel(LABELS);
  station = await Station.start({ TRAPLINE_MODEL: model });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});
afterAll(async () => {
  await trap.close();
  await station.remove();
  rmSync(model, { recursive: true, force: true });
});

async function observed(runId: string, probability: number) {
  await trap.crop(runId, 'c-1', await tellingPicture(LABELS, 'bee', probability));
  await trap.end(runId, { crops: 1 });
  return eventually(async () => {
    const run = (await allRuns(station)).find((each) => each.runId === runId);
    return run?.observation ? run : undefined;
  });
}
const found = async (query: string) => (await allRuns(station, `&${query}`)).map(({ runId }) => runId);

describe('a model that answers 0.35 in float32', () => {
  it('reaches the threshold of 0.35, in the verdict and in the filter', async () => {
    const run = await observed('on-it', 0.35);
    expect(run.observation?.probability).toBeLessThan(0.35);
    expect(run.observation).toMatchObject({ label: 'bee', unsure: false });
    expect(await found('minProbability=0.35')).toEqual(['on-it']);
    expect(await found('minProbability=0.3501')).toEqual([]);
  });

  it('does not reach it with 0.345', async () => {
    expect((await observed('below', 0.345)).observation).toMatchObject({ unsure: true });
    expect(await found('minProbability=0.35')).toEqual(['on-it']);
  });
});
