import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

interface Preview {
  readonly model: string;
  readonly runs: number;
  readonly reviewed: number;
  readonly changed: number;
  readonly examples: readonly { readonly runId: string; readonly after: { readonly label: string } }[];
  readonly taxa: readonly { readonly name: string; readonly before: number; readonly after: number }[];
}

let station: Station;
let trap: Trap;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  for (const [i, colour] of (['red', 'red', 'blue'] as const).entries()) {
    await trap.crop(`run-${i}`, 'c0', await crop(colour, i));
    await trap.end(`run-${i}`, { crops: 1 });
    await eventually(() => trap.answers(`run-${i}`, 'result').find(({ final }) => final === true));
  }
  // Calls green what the other one calls red, and agrees with it about blue.
  const labels = ['green', 'red', 'blue', 'grey'];
  await station.command('model', 'install', await colourModel({ labels, card: { id: 'other-colours' } }));
});
afterAll(async () => {
  await trap?.close();
  await station?.remove();
});

const overHttp = (body: object) =>
  station.get('/api/v1/reclassify/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const expectChange = (preview: Preview): void => {
  expect(preview).toMatchObject({ model: 'other-colours-1', runs: 3, reviewed: 0, changed: 2 });
  expect(preview.examples.map(({ runId, after }) => `${runId} ${after.label}`).sort()).toEqual([
    'run-0 green',
    'run-1 green',
  ]);
  expect(preview.taxa).toEqual([
    { name: 'green', before: 0, after: 2 },
    { name: 'red', before: 2, after: 0 },
  ]);
};

describe('what another model would change', () => {
  it('is shown on the command line and over HTTP, and nothing is changed by looking', async () => {
    expectChange((await station.command('reclassify', '--preview', 'other-colours', '--json')) as Preview);
    const answer = await overHttp({ model: 'other-colours' });
    expect(answer.status).toBe(200);
    expectChange((await answer.json()) as Preview);
    for (const [run, label] of [
      ['run-0', 'red'],
      ['run-2', 'blue'],
    ] as const)
      expect((await findRun(station, 'trap-1', run)).observation).toMatchObject({
        label,
        model: 'test-colours-1',
        revision: 1,
      });
    // The crops are as unseen for that model as before.
    const counted = station.command('reclassify', '--model', 'other-colours', '--dry-run', '--json');
    expect(await counted).toMatchObject({ crops: 3 });
  });

  it('leaves out runs that a person has reviewed, and looks at the newest only where that is asked for', async () => {
    const review = await station.get('/api/v1/runs/trap-1/run-0/review', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ verdict: 'agree' }),
    });
    expect(review.status).toBe(201);
    expect(await (await overHttp({ model: 'other-colours' })).json()).toMatchObject({
      runs: 3,
      reviewed: 1,
      changed: 1,
    });
    expect(await (await overHttp({ model: 'other-colours', runs: 1 })).json()).toMatchObject({ runs: 1 });
  });

  it('names what is wrong with a question', async () => {
    for (const [body, field] of [
      [{ model: 'no-such-model' }, 'model'],
      [{ model: '../../etc' }, 'model'],
      [{ model: 'other-colours', runs: 0 }, 'runs'],
      [{ model: 'other-colours', from: 'yesterday' }, 'from'],
      [{}, 'model'],
    ] as const) {
      const answer = await overHttp(body);
      expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ field }] }]);
    }
  });
});
