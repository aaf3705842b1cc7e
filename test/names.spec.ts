import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const PEACOCK = { en: 'European Peacock Butterfly', de: 'Tagpfauenauge' };

describe('what people call an insect', () => {
  let station: Station;
  let trap: Trap;

  const send = (path: string, method: string, body?: object) =>
    station.get(path, {
      method,
      headers: { Authorization: `Bearer ${station.adminKey}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
  const json = async (path: string): Promise<any> => (await send(path, 'GET')).json();

  beforeAll(async () => {
    station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    await trap.crop('run-1', '0001', await crop('red', 0));
    await trap.end('run-1', { crops: 1 });
    await eventually(() => trap.answers('run-1', 'result').find(({ final }) => final === true));
    const review = { verdict: 'relabel', taxon: 'Aglais io', rank: 'species', group: 'butterflies' };
    expect((await send('/api/v1/runs/trap-1/run-1/review', 'POST', review)).status).toBe(201);
  }, 120_000);
  afterAll(async () => {
    await trap?.close();
    await station?.remove();
  });

  it('is in the messages of a run, by the cards that come with the program', async () => {
    const result = await eventually(() =>
      trap.answers('run-1', 'result').find(({ taxon }) => taxon === 'Aglais io'),
    );
    expect(result).toMatchObject({ label: 'Aglais_io', names: PEACOCK });
  });

  it('is in the answers of the API and in its tables', async () => {
    expect(await json('/api/v1/runs/trap-1/run-1')).toMatchObject({
      observation: { label: 'Aglais_io', names: PEACOCK },
      reviews: [{ names: PEACOCK }],
    });
    const runs = await (await send('/api/v1/downloads/runs.csv', 'GET')).text();
    expect(
      runs
        .trim()
        .split('\n')
        .map((line) => line.split(',').slice(-2)),
    ).toEqual([
      ['nameEn', 'nameDe'],
      [PEACOCK.en, PEACOCK.de],
    ]);
  });

  it('is found for relabelling, and has a note with its source', async () => {
    const [first] = (await json('/api/v1/taxa?q=tagpfau')).items;
    expect(first).toMatchObject({
      label: 'Aglais_io',
      taxon: 'Aglais io',
      used: 1,
      active: false,
      hasNote: true,
    });
    const { note } = await json('/api/v1/taxa/Aglais_io');
    expect(note).toMatchObject({
      of: 'Aglais io',
      source: { url: expect.stringMatching(/^https:\/\/doi\.org\//) },
    });
  });
});
