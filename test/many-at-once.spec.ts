import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel(), TRAPLINE_CLASSIFIERS: '1' });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});

afterAll(async () => {
  await trap.close();
  await station.remove();
});

/** The most memory the service's process ever had, in MB. */
const peakMb = () =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${station.pid}/status`, 'utf8'))?.[1]) / 1024;
const LIMIT_MB = 600;

describe('much at once', () => {
  it('a run of 2,000 crops is one observation, and memory stays bounded', async () => {
    await Promise.all(
      Array.from({ length: 2000 }, async (_, i) => trap.crop('huge', `c-${i}`, await crop('blue', i, 240))),
    );
    await trap.end('huge', {
      crops: 2000,
      manifest: Array.from({ length: 2000 }, (_, i) => ({ crop: `c-${i}` })),
    });
    const result = await eventually(
      () => trap.answers('huge', 'result').find(({ final }) => final === true),
      60_000,
    );
    expect(result).toMatchObject({ label: 'blue', crops: 2000 });
    expect(peakMb()).toBeLessThan(LIMIT_MB);
  }, 120_000);

  it('100 runs of one trap at once are 100 observations, and memory stays bounded', async () => {
    await Promise.all(
      Array.from({ length: 100 }, async (_, run) => {
        await Promise.all(
          Array.from({ length: 10 }, async (_, i) =>
            trap.crop(`flood-${run}`, `c-${i}`, await crop('red', run * 100 + i, 240)),
          ),
        );
        await trap.end(`flood-${run}`, { crops: 10 });
      }),
    );
    const runs = await eventually(async () => {
      const complete = (await allRuns(station)).filter(
        ({ runId, observation }) => runId.startsWith('flood-') && observation?.final,
      );
      return complete.length >= 100 && complete;
    }, 120_000);
    expect(runs).toHaveLength(100);
    expect(peakMb()).toBeLessThan(LIMIT_MB);
  }, 120_000);
});
