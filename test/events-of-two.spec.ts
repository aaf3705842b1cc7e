import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEngines } from './fixtures/catalog-engines.js';
import { crop } from './fixtures/crops.js';
import { EventStream } from './fixtures/event-stream.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const engines = await testEngines();
const postgres = engines.find(({ name }) => name === 'postgres');
const missing = postgres?.missing ? ` (skipped: ${postgres.missing})` : '';

let first: Station;
let second: Station;
(missing ? describe.skip : describe)(`events of two services on one PostgreSQL${missing}`, () => {
  beforeAll(async () => {
    const env = {
      DATABASE_URL: (await postgres?.place())?.databaseUrl,
      TRAPLINE_MODEL: await colourModel(),
    };
    first = await Station.start(env);
    second = await Station.start({ ...env, TRAPLINE_DATA_DIR: first.dataDir });
    second.adminKey = first.adminKey;
  });
  afterAll(async () => {
    await second?.remove();
    await first?.remove();
  });

  const review = (by: Station, verdict: string) =>
    by.get('/api/v1/runs/trap-1/run-1/review', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ verdict }),
    });

  it('are the same at both, whoever took the message or the review', async () => {
    const pages = await Promise.all([first, second].map((one) => EventStream.open(one.http, one.adminKey)));
    const everywhere = (change: string, times: number) =>
      eventually(() =>
        pages.every(
          (page) => page.of('run').filter(({ data }) => data['change'] === change).length === times,
        ),
      );
    const trap = await Trap.connect('trap-1', first.trapPassword, first.mqttPort);
    await trap.crop('run-1', 'c-1', await crop('green', 1, 240));
    await trap.end('run-1', { crops: 1 });
    await trap.close();
    await eventually(() => pages.every((page) => page.of('run').length > 0));
    expect((await review(second, 'not-insect')).status).toBe(201);
    await everywhere('review', 1);
    expect((await review(first, 'agree')).status).toBe(201);
    await everywhere('review', 2);
    for (const page of pages) page.close();
  });
});
