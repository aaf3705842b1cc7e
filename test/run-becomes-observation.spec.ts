import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Colour, crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});

afterAll(async () => {
  await trap.close();
  await station.remove();
});

async function send(run: string, colours: readonly Colour[]): Promise<Buffer[]> {
  const crops = await Promise.all(colours.map((colour, i) => crop(colour, i)));
  await trap.meta(run, { start: '2026-06-01T10:00:00Z', session: 's-1', trackId: 7 });
  for (const [i, bytes] of crops.entries()) await trap.crop(run, `c-${i}`, bytes);
  await trap.end(run, { crops: crops.length });
  return crops;
}

describe('a run that is published', () => {
  it('is listed as one observation with label and probability, however many crops it has', async () => {
    await send('one-visit', ['red', 'red', 'blue', 'red']);
    const run = await eventually(async () =>
      (await allRuns(station)).find(({ runId, observation }) => runId === 'one-visit' && observation),
    );
    expect(run).toMatchObject({
      status: 'complete',
      storedCrops: 4,
      announcedCrops: 4,
      observation: { label: 'red', crops: 4, unsure: false, final: true, revision: 1 },
    });
    expect(run.observation?.probability).toBeCloseTo(0.75, 1);
  });

  it('gives its pictures back byte for byte', async () => {
    const [bytes] = await send('bytes', ['green']);
    const response = await eventually(async () => {
      const answer = await station.get('/api/v1/runs/trap-1/bytes/crops/c-0');
      return answer.ok && answer;
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes as Buffer)).toBe(true);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
  });

  it('is answered with a receipt that allows the trap to delete it, and a result that names the label', async () => {
    await send('answers', ['blue', 'blue']);
    const receipt = await eventually(() => trap.answers('answers', 'receipt').at(-1));
    expect(receipt).toMatchObject({ v: 1, state: 'complete', have: 2, missing: [], rejected: [] });
    const result = await eventually(() => trap.answers('answers', 'result').at(-1));
    expect(result).toMatchObject({ v: 1, label: 'blue', crops: 2, final: true, model: 'test-colours-1' });
  });

  it('is the newest result of its trap, retained for whoever looks later', async () => {
    await send('newest', ['green']);
    await eventually(() => trap.answers('newest', 'result').at(-1));
    const later = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const last = await eventually(() => later.told.find(({ topic }) => topic === 'traps/v1/trap-1/last'));
    expect(last.payload).toMatchObject({ run: expect.any(String), label: expect.any(String) });
    await later.close();
  });

  it('shows each crop with its ranked labels', async () => {
    await send('ranked', ['red']);
    await eventually(() => trap.answers('ranked', 'result').at(-1));
    const run = await findRun(station, 'trap-1', 'ranked');
    expect(run.crops).toHaveLength(1);
    expect(run.crops[0]).toMatchObject({
      cropId: 'c-0',
      classification: { ranked: expect.arrayContaining([{ label: 'red', probability: expect.any(Number) }]) },
    });
  });

  it('that only tells its end took place then, not when it was received', async () => {
    await trap.crop('only-an-end', 'c-0', await crop('red', 50));
    await trap.end('only-an-end', { crops: 1, end: '2026-06-05T13:00:07Z' });
    await eventually(() => trap.answers('only-an-end', 'result').at(-1));
    const found = await allRuns(station, '&from=2026-06-05&to=2026-06-06');
    expect(found.map(({ runId }) => runId)).toEqual(['only-an-end']);
  });

  it('without crops of its own is complete and has no observation', async () => {
    await trap.end('empty', { crops: 0 });
    await eventually(() => trap.answers('empty', 'receipt').at(-1));
    expect(await findRun(station, 'trap-1', 'empty')).toMatchObject({
      status: 'complete',
      observation: null,
    });
  });
});
