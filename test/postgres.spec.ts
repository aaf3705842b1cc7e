import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEngines } from './fixtures/catalog-engines.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Ledger } from './fixtures/ledger.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const engines = await testEngines();
const postgres = engines.find(({ name }) => name === 'postgres');
const missing = postgres?.missing ? ` (skipped: ${postgres.missing})` : '';

let station: Station;

(missing ? describe.skip : describe)(`the service on PostgreSQL${missing}`, () => {
  beforeAll(async () => {
    const place = await postgres?.place();
    station = await Station.start({ DATABASE_URL: place?.databaseUrl, TRAPLINE_MODEL: await colourModel() });
  });

  afterAll(async () => {
    await station?.remove();
    for (const engine of engines) await engine.stop();
  });

  it('keeps and classifies what it acknowledged over a kill, as it does on SQLite', async () => {
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const ledger = new Ledger();
    const sent = Promise.all(
      Array.from({ length: 10 }, async (_, run) => {
        await Promise.all(
          Array.from({ length: 20 }, async (_, i) => {
            const bytes = await crop('green', run * 100 + i);
            await trap.crop(`run-${run}`, `c-${i}`, bytes);
            ledger.acknowledged(`trap-1/run-${run}/c-${i}`, bytes);
          }),
        );
        await trap.end(`run-${run}`, { crops: 20 });
      }),
    );
    await eventually(() => ledger.size > 40);
    await station.kill();
    await station.start();
    await sent;
    const runs = await eventually(async () => {
      const complete = (await allRuns(station)).filter(({ observation }) => observation?.final);
      return complete.length >= 10 && complete;
    });
    expect(runs.map(({ storedCrops, observation }) => [storedCrops, observation?.label])).toEqual(
      Array.from({ length: 10 }, () => [20, 'green']),
    );
    expect(await ledger.differences(station)).toEqual([]);
    await trap.close();
  }, 120_000);
});
