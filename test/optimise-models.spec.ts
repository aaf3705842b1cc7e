import { afterEach, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
afterEach(() => station.remove());

/** Sends a run of one red crop. @returns how the model runs, by the log, and what it says */
async function classify(env: Record<string, string>) {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel(), ...env });
  const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  await trap.crop('r1', 'c1', await crop('red', 1));
  await trap.end('r1', { crops: 1 });
  const { label } = await eventually(() => trap.answers('r1', 'result')[0]);
  await trap.close();
  const level = /"optimisation":"([a-z-]+)"/.exec(station.output)?.[1];
  return { label, level };
}

describe('TRAPLINE_OPTIMISE_MODELS', () => {
  it('is on by default: the model runs rewritten', async () => {
    expect(await classify({})).toEqual({ label: 'red', level: 'wrapped' });
  });

  it('switches all rewriting of graphs off, and the answers stay the same', async () => {
    expect(await classify({ TRAPLINE_OPTIMISE_MODELS: 'false' })).toEqual({ label: 'red', level: 'plain' });
  });
});
