import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testEngines } from './fixtures/catalog-engines.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const engines = await testEngines();
const postgres = engines.find(({ name }) => name === 'postgres');
const missing = postgres?.missing ? ` (skipped: ${postgres.missing})` : '';

const RUNS = 40;
const CROPS_OF_A_RUN = 5;
const CROPS = RUNS * CROPS_OF_A_RUN;
/** The lease of a service that died, and the next look of the other one; the rest is for a busy machine. */
const TAKEN_OVER_MS = 60_000;

let first: Station;
let second: Station;
let databaseUrl: string | undefined;

/** All crops wait before anybody classifies. */
async function queueCrops(name: string): Promise<void> {
  for (const one of [first, second]) if (one?.isRunning) await one.stop();
  await first.start({ TRAPLINE_CLASSIFIERS: '0' });
  const trap = await Trap.connect('trap-1', first.trapPassword, first.mqttPort);
  await Promise.all(
    Array.from({ length: RUNS }, async (_, run) => {
      for (let i = 0; i < CROPS_OF_A_RUN; i += 1)
        await trap.crop(`${name}-${run}`, `c-${i}`, await crop('green', run * 10 + i, 240));
      await trap.end(`${name}-${run}`, { crops: CROPS_OF_A_RUN });
    }),
  );
  await trap.close();
  await eventually(async () => (await waiting(first)) === CROPS, 60_000);
  await first.stop();
}

async function metric(one: Station, pattern: RegExp): Promise<number> {
  const response = await fetch(`${one.http}/metrics`, {
    headers: { Authorization: `Bearer ${first.adminKey}` },
  });
  const text = await response.text();
  return [...text.matchAll(pattern)].reduce((sum, [, figure]) => sum + Number(figure), 0);
}
const classified = (one: Station) => metric(one, /^\w*predictions_total\{[^}]*\} (\d+)/gm);
const waiting = (one: Station) => metric(one, /^\w*crops_under_way\{stage="waiting"\} (\d+)/gm);

const allDecided = async (name: string, on: Station) => {
  const runs = (await allRuns(on)).filter(({ runId }) => runId.startsWith(`${name}-`));
  return (
    runs.filter(({ observation }) => observation?.final && observation.label === 'green').length === RUNS
  );
};

(missing ? describe.skip : describe)(`two services on one PostgreSQL${missing}`, () => {
  beforeAll(async () => {
    const place = await postgres?.place();
    databaseUrl = place?.databaseUrl;
    const env = { DATABASE_URL: databaseUrl, TRAPLINE_MODEL: await colourModel() };
    first = await Station.start(env);
    second = await Station.start({ ...env, TRAPLINE_DATA_DIR: first.dataDir });
    second.adminKey = first.adminKey;
  });

  afterAll(async () => {
    await second?.remove();
    await first?.remove();
    for (const engine of engines) await engine.stop();
  });

  it('classify each crop once', async () => {
    await queueCrops('once');
    await Promise.all([first, second].map((one) => one.start({ TRAPLINE_CLASSIFIERS: '1' })));
    await eventually(() => allDecided('once', first), 60_000);
    const made = await Promise.all([classified(first), classified(second)]);
    process.stdout.write(`${CROPS} crops: ${made.join(' and ')} classifications\n`);
    expect(made[0] + made[1]).toBe(CROPS);
  }, 180_000);

  it('classify all of them if one is killed: the other takes over its crops', async () => {
    await queueCrops('killed');
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    const crops = async (where: string) =>
      Number((await database.query(`select count(*) as crops from ${where}`)).rows[0].crops);
    const started = second.start({ TRAPLINE_CLASSIFIERS: '1' });
    // No pause in between: it is done within a second.
    while ((await crops('crop_claims')) === 0);
    await second.kill();
    await started.catch(() => {});
    const left = await crops(`crops where stage = 'waiting'`);
    expect(left).toBeGreaterThan(0);
    expect(await crops('crop_claims')).toBeGreaterThan(0);
    const begun = Date.now();
    await first.start({ TRAPLINE_CLASSIFIERS: '1' });
    await eventually(() => allDecided('killed', first), TAKEN_OVER_MS);
    process.stdout.write(`killed with ${left} crops left: done ${Date.now() - begun} ms later\n`);
    expect(await crops('crop_claims')).toBe(0);
    await database.end();
  }, 180_000);
});
