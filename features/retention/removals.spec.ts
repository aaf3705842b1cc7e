import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import {
  onEachEngine,
  type CatalogPlace as Place,
  testEngines,
} from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { putPictures } from '../../test/fixtures/pictured-runs.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { findCrop, putBackInInbox, storeCrops } from '../crops/index.js';
import { countPast, queuePast, queueUnseen } from '../observations/index.js';
import { firstCrops, listRuns } from '../runs/index.js';
import {
  ackRemovals,
  beginRound,
  hasRemovedUnseen,
  listRemovals,
  markRemoved,
  picturesOf,
  runsByAge,
} from './retention.repository.js';

const engines = await testEngines();
const JUNE = Date.UTC(2026, 5, 1);
const NOW = Date.UTC(2026, 8, 1);
const run = (runId: string, more: object = {}) => ({ trapId: 't1', runId, atMs: JUNE, ...more });

onEachEngine(engines, 'removing pictures', (engine) => {
  let place: Place;
  let catalog: Catalog;
  beforeEach(async () => {
    place = await engine.place();
    catalog = await Catalog.open(place);
  });
  afterEach(() => catalog.close());

  const put = (...runs: Parameters<typeof putPictures>[2]) => putPictures(catalog, place.dataDir, runs);
  const remove = (...ids: string[]) =>
    catalog.db.transaction().execute((tx) =>
      markRemoved(
        tx,
        ids.map((id) => run(id)),
        NOW,
      ),
    );
  const toDelete = async () =>
    (await listRemovals(catalog.db, 99)).map(({ runId, cropId }) => `${runId}/${cropId}`);

  it('marks them, lists their files, and leaves everything else as it was', async () => {
    await put(run('r1'), run('r2', { crops: 1 }));
    const before = await listRuns(catalog.db, {}, 9);
    expect(await remove('r1')).toEqual(new Map([['t1/r1', { crops: 2, bytes: 2000 }]]));
    expect(await findCrop(catalog.db, { ...run('r1'), cropId: 'c0' })).toMatchObject({ removedAtMs: NOW });
    expect(await toDelete()).toEqual(['r1/c0', 'r1/c1']);
    const after = await listRuns(catalog.db, {}, 9);
    expect(after.map((row) => ({ ...row, removedAtMs: null }))).toEqual(before);
    expect(await remove('r1')).toEqual(new Map());
  });

  it('is listed page by page until the files are gone', async () => {
    await put(run('r1', { crops: 3 }));
    await remove('r1');
    const first = await listRemovals(catalog.db, 2);
    expect(await listRemovals(catalog.db, 2, first[1])).toMatchObject([
      { cropId: 'c2', day: '2026-06-01', format: 'jpg' },
    ]);
    await ackRemovals(catalog.db, first);
    expect(await toDelete()).toEqual(['r1/c2']);
  });

  it('spares a run that was opened again or reviewed meanwhile, or has a crop under way', async () => {
    await put(run('open', { state: 'open' }), run('seen', { reviewed: true }), run('busy'), run('late'));
    await storeCrops(catalog.db, [newCrop('c9', run('late'))], 1);
    await updateRun(catalog.db, run('late'), { state: 'complete' });
    await queuePast(catalog.db, 'm-2', { trapId: 't1' });
    expect(await remove('open', 'seen', 'busy', 'late')).toEqual(new Map());
    expect(
      await picturesOf(
        catalog.db,
        ['busy', 'late'].map((id) => run(id)),
      ),
    ).toEqual(new Map());
    expect(await toDelete()).toEqual([]);
  });

  it('leaves nothing to classify again', async () => {
    await put(run('r1'));
    await remove('r1');
    expect(await countPast(catalog.db, 'm-2', {})).toBe(0);
    expect(await queuePast(catalog.db, 'm-2', {})).toBe(0);
    expect(await queueUnseen(catalog.db, run('r1'), 0, 'm-2')).toBe(0);
    expect(await hasRemovedUnseen(catalog.db, run('r1'), 'm-2')).toBe(true);
    expect(await hasRemovedUnseen(catalog.db, run('r1'), 'm-1')).toBe(false);
  });

  it('is for good: the same crop again gets no file', async () => {
    await put(run('r1', { crops: 1 }));
    await remove('r1');
    const crop = { ...run('r1'), cropId: 'c0' };
    expect(await putBackInInbox(catalog.db, crop, { segment: 's', position: 0 }, NOW)).toBe(false);
    expect(await findCrop(catalog.db, crop)).toMatchObject({ stage: 'done', removedAtMs: NOW });
  });

  it('lets a late crop be seen beside those that are gone', async () => {
    await put(run('r1'), run('r2'));
    await remove('r1', 'r2');
    await storeCrops(catalog.db, [newCrop('c9', { ...run('r1'), receivedAtMs: NOW + 1 })], 1);
    expect([...(await firstCrops(catalog.db, [run('r1'), run('r2')]))]).toEqual([['t1/r1', 'c9']]);
    const pages: Record<string, boolean>[] = [];
    for await (const page of runsByAge(catalog.db, 1))
      pages.push(Object.fromEntries(page.map((each) => [each.runId, each.emptied])));
    expect(pages).toEqual([{ r1: false }, { r2: true }]);
  });

  it('has one round at a time of its own', async () => {
    const rule = { older_than_ms: 1, free_bytes: null };
    expect(await beginRound(catalog.db, rule, NOW)).toBe(NOW);
    expect(await beginRound(catalog.db, rule, NOW)).toBe(NOW + 1);
  });
});
