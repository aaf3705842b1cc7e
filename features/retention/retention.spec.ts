import { existsSync, mkdirSync, rmSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import type { RetentionRule } from '../../libs/domain/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { type CatalogPlace, onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { type PicturedRun, pathOf, putPictures } from '../../test/fixtures/pictured-runs.js';
import { findCrop } from '../crops/index.js';
import { bind } from './data-dir-binding.js';
import { expectModest, RetentionBlocked } from './refusal.js';
import { planRound } from './removal-plan.js';
import { carryOut } from './remove-pictures.js';
import { countRemovals, findRound } from './retention.repository.js';

const DAY = 86_400_000;
const JUNE = Date.UTC(2026, 5, 1);
const NOW = Date.UTC(2027, 5, 1);
const engines = await testEngines();

onEachEngine(engines, 'a round of retention', (engine) => {
  let place: CatalogPlace;
  let catalog: Catalog;
  let stuck: string[];
  beforeEach(async () => {
    place = await engine.place();
    catalog = await Catalog.open(place);
    await bind(catalog.db, place.dataDir);
    stuck = [];
  });
  afterEach(() => catalog.close());

  const round = () => ({ catalog, dataDir: place.dataDir, nowMs: NOW });
  const plan = (rule: Partial<RetentionRule>) => planRound({ ...round(), rule: { keepBest: 0, ...rule } });
  const remove = async (rule: Partial<RetentionRule>, signal?: AbortSignal) =>
    carryOut(await plan(rule), {
      ...round(),
      onStuck: ({ runId, cropId }) => stuck.push(`${runId}/${cropId}`),
      ...(signal && { signal }),
    });
  const isThere = ({ trapId, runId, atMs }: PicturedRun, cropId = 'c0') =>
    existsSync(pathOf(place.dataDir, { trapId, runId, cropId }, atMs));
  const left = (runs: readonly PicturedRun[]) => runs.filter((run) => isThere(run)).map(({ runId }) => runId);
  /** One a day, the oldest first; the first of the season stays in any case. */
  const season = async (days: number, more: (i: number) => Partial<PicturedRun> = () => ({})) => {
    const runs = Array.from({ length: days }, (_, i) => ({
      trapId: 't1',
      runId: `r${i}`,
      atMs: JUNE + i * DAY,
      ...more(i),
    }));
    await putPictures(catalog, place.dataDir, runs);
    return runs;
  };
  const olderThanDay = (i: number) => ({ olderThanMs: NOW - JUNE - i * DAY });

  it('removes what is too old, and nothing that is younger', async () => {
    const runs = await season(6);
    const planned = await plan(olderThanDay(3));
    expect(planned.going).toMatchObject({ runs: 2, crops: 4, bytes: 4000, traps: { t1: { runs: 2 } } });
    expect([planned.going.oldestMs, planned.going.newestMs]).toEqual([JUNE + DAY, JUNE + 2 * DAY]);
    expect(left(runs)).toHaveLength(6);
    expect(await remove(olderThanDay(3))).toEqual(planned.going);
    expect(left(runs)).toEqual(['r0', 'r3', 'r4', 'r5']);
    const crop = await findCrop(catalog.db, { trapId: 't1', runId: 'r1', cropId: 'c1' });
    expect(await findRound(catalog.db, crop?.removedAtMs as number)).toMatchObject({
      runs: 2,
      crops: 4,
      bytes: 4000,
    });
    expect((await plan(olderThanDay(3))).going.crops).toBe(0);
  });

  it('makes room with the oldest pictures, and no more than is asked for', async () => {
    const runs = await season(6);
    const free = async (bytes: number) => ({ freeBytes: (await freeBytes(place.dataDir)) + bytes });
    // Other programs write to this disk, too: no more than a run's worth within the moment.
    const { reasons } = await plan(await free(1e9));
    expect(reasons).toMatchObject([{ because: 'room' }]);
    const found = await plan({});
    const some = { ...found, reasons: [{ because: 'room' as const, bytes: 3500, freeBytes: 1, nowMs: NOW }] };
    await carryOut(some, { ...round(), onStuck: () => {} });
    expect(left(runs)).toEqual(['r0', 'r3', 'r4', 'r5']);
    const all = await plan(await free(1e12));
    expect(all.shortBytes).toBeGreaterThan(9e11);
    expect(all.going.runs).toBe(3);
  });

  it('takes for room what age has not taken', async () => {
    await season(6);
    const { going, reasons } = await plan({ ...olderThanDay(2), freeBytes: 1e15 });
    expect(reasons.map(({ because }) => because)).toEqual(['age', 'room']);
    expect(going).toMatchObject({ runs: 5, crops: 10 });
  });

  it('keeps what was reviewed, the best, the first, and what is not decided yet', async () => {
    const special: Record<number, Partial<PicturedRun>> = {
      1: { reviewed: true },
      2: { probability: 0.9 },
      3: { state: 'open' },
      4: { label: null },
    };
    const runs = await season(6, (i) => special[i] ?? {});
    const rule = { ...olderThanDay(9), keepBest: 1 };
    expect((await plan(rule)).kept).toEqual({
      'first-of-season': 1,
      reviewed: 1,
      best: 1,
      open: 1,
      unclassified: 1,
    });
    await remove(rule);
    expect(left(runs)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  it('goes on where it was stopped, and forgets no file', async () => {
    const runs = await season(60);
    const stop = new AbortController();
    const planned = await plan(olderThanDay(99));
    const marking = carryOut(planned, { ...round(), onStuck: () => stop.abort(), signal: stop.signal });
    // A file that cannot be deleted stops the first attempt between its marks and their files.
    const path = pathOf(place.dataDir, { trapId: 't1', runId: 'r5', cropId: 'c0' }, JUNE + 5 * DAY);
    unlinkSync(path);
    mkdirSync(join(path, 'in the way'), { recursive: true });
    await expect(marking).rejects.toThrow();
    expect(await countRemovals(catalog.db)).toBeGreaterThan(0);
    rmSync(path, { recursive: true });
    await remove(olderThanDay(99));
    expect(await countRemovals(catalog.db)).toBe(0);
    expect(left(runs)).toEqual(['r0']);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('tells once of a file that cannot be deleted, and goes on with all others', async () => {
    const runs = await season(4);
    const path = pathOf(place.dataDir, { trapId: 't1', runId: 'r1', cropId: 'c0' }, JUNE + DAY);
    unlinkSync(path);
    mkdirSync(join(path, 'in the way'), { recursive: true });
    await remove(olderThanDay(99));
    expect(stuck).toEqual(['r1/c0']);
    expect(left(runs)).toEqual(['r0', 'r1']);
    expect(await countRemovals(catalog.db)).toBe(1);
  });

  const refused = async (what: () => Promise<unknown>) =>
    what().then(
      () => 'nothing',
      (error) => (error as RetentionBlocked).code,
    );

  it('is refused where more than half would go at once', async () => {
    await season(6);
    const { survey, going } = await plan(olderThanDay(9));
    expect(() => expectModest(survey, going)).toThrow(RetentionBlocked);
    const some = await plan(olderThanDay(4));
    expect(() => expectModest(some.survey, some.going)).not.toThrow();
  });

  it('is refused where the catalog is empty or has shrunk since the last time', async () => {
    await season(8);
    await remove(olderThanDay(2));
    await catalog.db.deleteFrom('runs').where('run_id', '=', 'r7').execute();
    expect(await refused(() => plan(olderThanDay(4)))).toBe('catalog-shrank');
    await catalog.db.deleteFrom('runs').execute();
    expect(await refused(() => plan(olderThanDay(4)))).toBe('catalog-empty');
  });

  it('is refused where the data folder is that of another catalog', async () => {
    const runs = await season(6);
    const other = await Catalog.open(await engine.place());
    try {
      await putPictures(other, place.dataDir, runs);
      const rule = { keepBest: 0, ...olderThanDay(3) };
      expect(await refused(() => planRound({ ...round(), catalog: other, rule }))).toBe('not-paired');
      await bind(other.db, (await engine.place()).dataDir);
      expect(await refused(() => planRound({ ...round(), catalog: other, rule }))).toBe('not-paired');
      expect(left(runs)).toHaveLength(6);
    } finally {
      await other.close();
    }
  });
});
