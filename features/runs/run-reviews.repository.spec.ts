import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { decidingReview } from '../../libs/domain/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { reviewRun } from '../../test/fixtures/reviewed.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { SEEDED_MODEL, seedRuns } from '../../test/fixtures/seeded-runs.js';
import { AgreementRepository } from '../agreement/agreement.repository.js';
import { followSightings, listFirstSightings } from '../observations/index.js';
import {
  enqueueEverything,
  enqueuePast,
  oldestPoints,
  stopQueueing,
  waitingPoints,
} from '../outbox/index.js';
import { oldestInOutbox } from '../outbox/outbox.repository.js';
import { countFinalObservations } from '../series/index.js';
import { finalObservations } from '../series/series.repository.js';
import { decides, reviewsOf } from './run-reviews.repository.js';
import { emptyRun } from './run-state.repository.js';
import { findRun } from './runs.repository.js';

const RUN = { trapId: 't1', runId: 'r1' };
const OTHER = { trapId: 't1', runId: 'r0' };
const JUNE = Date.UTC(2026, 5, 1, 8);

onEachEngine(await testEngines(), 'reviews', (engine) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
    await seedRuns(catalog, [{ ...RUN, atMs: JUNE, label: 'bee' }], false);
  });
  afterEach(() => catalog.close());

  const rowOf = async (run = RUN) => {
    const row = await findRun(catalog.reader, run);
    return row && [row.label, row.probability, Number(row.unsure), Number(row.reviewed), row.revision];
  };
  const told = async () =>
    (await oldestInOutbox(catalog.reader, 10)).map(({ kind, payload }) => ({ kind, ...JSON.parse(payload) }));
  const marked = async () =>
    (await oldestPoints(catalog.reader, 10)).map(({ kind, item }) => `${kind} ${item}`);
  /** As when all that there is has been sent. */
  const sendAll = async () => {
    while ((await waitingPoints(catalog.reader)).depth === 0) await enqueuePast(catalog.db);
    await enqueuePast(catalog.db);
    await enqueuePast(catalog.db);
    await catalog.db.deleteFrom('points').execute();
  };

  it('decide what the run counts as, and are told with a grown revision', async () => {
    expect(await rowOf()).toEqual(['bee', 0.9, 0, 0, 0]);
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp', taxon: 'Vespula' });
    expect(await rowOf()).toEqual(['wasp', 1, 0, 1, 1]);
    const news = {
      label: 'wasp',
      taxon: 'Vespula',
      probability: 1,
      reviewed: true,
      revision: 1,
      final: true,
    };
    expect(await told()).toEqual([
      expect.objectContaining({ kind: 'result', ...news, model: SEEDED_MODEL, crops: 3 }),
      expect.objectContaining({ kind: 'last', ...news }),
    ]);
    expect(await findRun(catalog.reader, RUN)).toMatchObject({
      observation: { label: 'bee', probability: 0.9 },
    });
  });

  it('give back what was before when they are taken back, and keep their history', async () => {
    const first = await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    const second = await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'fly', by_name: 'ben' });
    expect((await rowOf())?.[0]).toBe('fly');
    await reviewRun(catalog, RUN, { verdict: 'undo', undoes: second });
    expect((await rowOf())?.[0]).toBe('wasp');
    await reviewRun(catalog, RUN, { verdict: 'undo', undoes: first });
    expect(await rowOf()).toEqual(['bee', 0.9, 0, 0, 4]);
    expect((await reviewsOf(catalog.reader, RUN)).map(({ verdict }) => verdict)).toEqual([
      'relabel',
      'relabel',
      'undo',
      'undo',
    ]);
  });

  it('that change nothing of the verdict are no news', async () => {
    await reviewRun(catalog, RUN, { verdict: 'agree', label: 'bee' });
    await reviewRun(catalog, RUN, { verdict: 'agree', label: 'bee', by_name: 'ben' });
    expect((await rowOf())?.[4]).toBe(1);
  });

  it('leave `last` to a newer run of the trap, and give it back where the only verdict is taken back', async () => {
    await catalog.db
      .insertInto('runs')
      .values(emptyRun(OTHER, JUNE - 1000))
      .execute();
    await reviewRun(catalog, OTHER, { verdict: 'relabel', label: 'wasp' });
    expect((await told()).map(({ kind, run }) => [kind, run])).toEqual([['result', 'r0']]);
    await updateRun(catalog.db, OTHER, { at_ms: JUNE + 1000 });
    await reviewRun(catalog, OTHER, { verdict: 'relabel', label: 'fly' });
    await reviewRun(catalog, OTHER, { verdict: 'undo', undoes: 2 });
    await reviewRun(catalog, OTHER, { verdict: 'undo', undoes: 1 });
    expect((await rowOf(OTHER))?.[0]).toBeNull();
    expect((await told()).find(({ kind }) => kind === 'last')).toMatchObject({ run: 'r1', label: 'bee' });
  });

  it('mark the point of their run where points are sent, whichever process knows of InfluxDB', async () => {
    await sendAll();
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    expect(await marked()).toEqual(['run r1']);
  });

  it('mark nothing where none are sent, and are found by whoever sends them later', async () => {
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    expect(await marked()).toEqual([]);
    await sendAll();
    const hourAndMore = Date.now() + 4_000_000;
    await stopQueueing(catalog.db, hourAndMore);
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'fly', at_ms: hourAndMore });
    expect(await marked()).toEqual([]);
    await enqueuePast(catalog.db);
    expect(await marked()).toEqual(['run r1']);
  });

  it('that come while the past is being marked are marked', async () => {
    await enqueueEverything(catalog.db);
    await enqueuePast(catalog.db);
    await catalog.db.deleteFrom('points').execute();
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    expect(await marked()).toContain('run r1');
  });

  it('stand for every model that has observed the run, and once where none has', async () => {
    await seedRuns(catalog, [{ ...RUN, atMs: JUNE, label: 'hoverfly', model: 'other-2' }], false);
    await catalog.db.insertInto('runs').values(emptyRun(OTHER, JUNE)).execute();
    await updateRun(catalog.db, OTHER, { state: 'complete' });
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp', taxon: 'Vespula' });
    await reviewRun(catalog, OTHER, { verdict: 'relabel', label: 'fly' });
    const points = await finalObservations(catalog.reader, [RUN, OTHER]);
    expect(
      points.map(({ run_id, model, label, taxon, insect }) => [run_id, model, label, taxon, insect]).sort(),
    ).toEqual([
      ['r0', 'people', 'fly', null, 1],
      ['r1', 'other-2', 'wasp', 'Vespula', 1],
      ['r1', SEEDED_MODEL, 'wasp', 'Vespula', 1],
    ]);
    expect(await countFinalObservations(catalog.reader)).toBe(3);
    await reviewRun(catalog, OTHER, { verdict: 'undo', undoes: 1 });
    expect(await finalObservations(catalog.reader, [OTHER])).toEqual([]);
    await enqueueEverything(catalog.db);
    await enqueuePast(catalog.db);
    expect(await marked()).toEqual(['run r0', 'run r1']);
  });

  it('are a first sighting by taxon, which goes when they are taken back', async () => {
    await sendAll();
    const standing = async () => {
      await followSightings(catalog, 3, Date.now());
      const rows = await listFirstSightings(catalog.reader, { state: 'standing' }, 9);
      return rows.map(({ taxon, run_id }) => [taxon, run_id]);
    };
    const wasp = { verdict: 'relabel' as const, taxon: 'Vespula vulgaris', rank: 'species' };
    await reviewRun(catalog, RUN, { ...wasp, label: 'wasp' });
    expect(await standing()).toEqual([['Vespula vulgaris', 'r1']]);
    await reviewRun(catalog, RUN, { verdict: 'undo', undoes: 1 });
    expect(await standing()).toEqual([]);
  });

  it('are held against what a model said, each run once', async () => {
    await seedRuns(catalog, [{ ...OTHER, atMs: JUNE + 1000, label: 'bee' }], false);
    await seedRuns(catalog, [{ trapId: 't2', runId: 'r1', atMs: JUNE, label: 'fly' }], false);
    await reviewRun(catalog, RUN, { verdict: 'relabel', label: 'wasp' });
    await reviewRun(catalog, RUN, { verdict: 'agree', label: 'bee', by_name: 'ben' });
    await reviewRun(catalog, OTHER, { verdict: 'agree', label: 'bee' });
    await reviewRun(catalog, { trapId: 't2', runId: 'r1' }, { verdict: 'unsure' });
    const bee = { modelLabel: 'bee', modelInsect: true, verdict: 'agree', peoplesLabel: 'bee', runs: 2 };
    const fly = { modelLabel: 'fly', modelInsect: true, verdict: 'unsure', peoplesLabel: null, runs: 1 };
    const all = await new AgreementRepository(catalog).confusions({});
    expect(all.sort((a, b) => b.runs - a.runs)).toEqual([bee, fly]);
    expect(await new AgreementRepository(catalog).confusions({ trapIds: ['t2'] })).toEqual([fly]);
    expect(await new AgreementRepository(catalog).confusions({ fromMs: JUNE + 1 })).toEqual([
      { ...bee, runs: 1 },
    ]);
    expect(await new AgreementRepository(catalog).confusions({}, 'other-2')).toEqual([]);
    await seedRuns(catalog, [{ ...RUN, atMs: JUNE, label: 'moth', model: 'other-2' }], false);
    expect(await new AgreementRepository(catalog).confusions({}, 'other-2')).toEqual([
      { ...bee, modelLabel: 'moth', runs: 1 },
    ]);
  });

  it('are found by the database as the rules find them, in any history', async () => {
    const random = seeded(20260601);
    for (let n = 0; n < 60; n += 1) {
      const run = { trapId: 't2', runId: `r${n}` };
      await catalog.db.insertInto('runs').values(emptyRun(run, JUNE)).execute();
      const length = Math.floor(random() * 7);
      for (let id = 1; id <= length; id += 1) {
        const undo = id > 1 && random() < 0.5;
        await reviewRun(
          catalog,
          run,
          undo
            ? { verdict: 'undo', undoes: 1 + Math.floor(random() * (id - 1)) }
            : { verdict: 'relabel', label: `l${id}` },
        );
      }
      const rows = await catalog.reader
        .selectFrom('reviews')
        .select('review_id')
        .where('trap_id', '=', run.trapId)
        .where('run_id', '=', run.runId)
        .where(decides())
        .execute();
      const deciding = decidingReview(await reviewsOf(catalog.reader, run));
      expect(rows.map(({ review_id }) => review_id)).toEqual(deciding ? [deciding.id] : []);
    }
  });
});

/** The same numbers every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
