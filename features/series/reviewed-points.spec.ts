import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { Influx } from '../../libs/timeseries/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { FakeInflux } from '../../test/fixtures/fake-influx.js';
import { reviewRun } from '../../test/fixtures/reviewed.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { SEEDED_MODEL, seedRuns } from '../../test/fixtures/seeded-runs.js';
import { countStalePoints, stopQueueing, waitingPoints } from '../outbox/index.js';
import { emptyRun } from '../runs/run-state.repository.js';
import { sendPoints } from './send-points.js';
import { countFinalObservations } from './series.repository.js';

const JUNE = Date.UTC(2026, 5, 1, 10);
const RUN = { trapId: 'trap-1', runId: 'run-1' };
const BARE = { trapId: 'trap-1', runId: 'bare' };

onEachEngine(await testEngines(), 'the points of reviewed runs', (engine) => {
  let catalog: Catalog;
  let fake: FakeInflux;
  let influx: Influx;

  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
    fake = await FakeInflux.start();
    influx = new Influx({ url: fake.url, org: 'o', bucket: 'b' });
    await seedRuns(catalog, [{ ...RUN, atMs: JUNE, label: 'bee', taxon: 'Apis mellifera' }]);
    await drain();
  });
  afterEach(async () => {
    await fake.close();
    await catalog.close();
  });

  async function drain(): Promise<void> {
    for (let step = 0; step < 100; step += 1) {
      const { more } = await sendPoints(catalog, influx);
      if (!more && (await waitingPoints(catalog.reader)).depth === 0) return;
    }
    throw new Error('it never ends');
  }
  /** Run, model, label, taxon and whether it is an insect, of every point that InfluxDB has. */
  const points = () =>
    [...fake.points.values()]
      .filter((line) => line.startsWith('insect_run,'))
      .map((line) =>
        [/run_id="([^"]+)"/, /model=([^,]+)/, /label=([^,]+)/, /taxon=([^, ]+)/, /insect=([^,]+)/]
          .map((part) => part.exec(line)?.[1])
          .join(' '),
      )
      .sort();

  it('say what people say, once, and nothing is left of what the model said', async () => {
    expect(points()).toEqual([`run-1 ${SEEDED_MODEL} bee Apis_mellifera yes`]);
    await reviewRun(catalog, RUN, {
      verdict: 'relabel',
      label: 'Volucella_zonaria',
      taxon: 'Volucella zonaria',
    });
    await drain();
    expect(points()).toEqual([`run-1 ${SEEDED_MODEL} Volucella_zonaria Volucella_zonaria yes`]);
    expect([...fake.points.values()].join()).toContain('probability=1,');
    expect(await countStalePoints(catalog.reader)).toBe(0);
  });

  it('go back to what the model said when the review is taken back', async () => {
    const id = await reviewRun(catalog, RUN, { verdict: 'not-insect', label: 'not-insect', insect: 0 });
    await drain();
    expect(points()).toEqual([`run-1 ${SEEDED_MODEL} not-insect none no`]);
    await reviewRun(catalog, RUN, { verdict: 'undo', undoes: id });
    await drain();
    expect(points()).toEqual([`run-1 ${SEEDED_MODEL} bee Apis_mellifera yes`]);
    expect(await countStalePoints(catalog.reader)).toBe(0);
  });

  it('say the same for every model that has observed the run, also for one that comes later', async () => {
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    await seedRuns(catalog, [{ ...RUN, atMs: JUNE, label: 'fly', model: 'later-2' }]);
    // The ingest keeps a person's verdict in the row; `seedRuns` does as one that knows of none.
    await updateRun(catalog.db, RUN, { label: 'wasp', taxon: null });
    await drain();
    expect(points()).toEqual([`run-1 later-2 wasp none yes`, `run-1 ${SEEDED_MODEL} wasp none yes`]);
  });

  it('are one of people alone where no model has observed the run, until one does', async () => {
    await catalog.db.insertInto('runs').values(emptyRun(BARE, JUNE)).execute();
    await reviewRun(catalog, BARE, { verdict: 'relabel', label: 'wasp' });
    await drain();
    expect(points()).toEqual([`run-1 ${SEEDED_MODEL} bee Apis_mellifera yes`]);
    await updateRun(catalog.db, BARE, { state: 'complete' });
    await reviewRun(catalog, BARE, { verdict: 'relabel', label: 'fly' });
    await drain();
    expect(points()).toEqual(['bare people fly none yes', `run-1 ${SEEDED_MODEL} bee Apis_mellifera yes`]);
    expect(await countFinalObservations(catalog.reader)).toBe(2);
    await seedRuns(catalog, [{ ...BARE, atMs: JUNE, label: 'bee' }]);
    await updateRun(catalog.db, BARE, { label: 'fly' });
    await drain();
    expect(points()).toContain(`bare ${SEEDED_MODEL} fly none yes`);
    expect(points()).toHaveLength(2);
  });

  it('follow reviews that were made while no process knew of InfluxDB', async () => {
    await stopQueueing(catalog.db, Date.now());
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    expect((await waitingPoints(catalog.reader)).depth).toBe(0);
    await drain();
    expect(points()).toEqual([`run-1 ${SEEDED_MODEL} wasp none yes`]);
  });
});
