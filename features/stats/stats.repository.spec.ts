import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { type ObservedRun, offsetMinAt } from '../../libs/domain/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { storeCrops } from '../crops/index.js';
import { lockRun, pagesOfRuns, type RunFilter } from '../runs/index.js';
import { updateTrap } from '../traps/index.js';
import { type CountKey, StatsRepository, type VisitCount } from './stats.repository.js';

const ZONES = { t1: 'Europe/Zurich', t2: 'Asia/Kolkata', t3: undefined };
const DEFAULT_ZONE = 'America/St_Johns';
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 20);
const engines = await testEngines();

/** The same numbers each time: a test that fails must fail again. */
function dice(seed: number) {
  let state = seed;
  return (sides: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

onEachEngine(engines, 'the counts of visits', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await Catalog.open(await engine.place());
    for (const [trapId, zone] of Object.entries(ZONES))
      await updateTrap(catalog.db, trapId, { timeZone: zone ?? null }, 1);
    const roll = dice(7);
    const pick = <T>(...values: T[]): T => values[roll(values.length)] as T;
    for (let i = 0; i < 400; i++) {
      const run = { trapId: pick('t1', 't2', 't3'), runId: `r${i}` };
      const label = pick('bee', 'bee', 'fly', 'none_dirt', null);
      await lockRun(catalog.db, run, 1);
      await updateRun(catalog.db, run, {
        // Around the night in which clocks change, among others.
        at_ms:
          pick(Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 5, 30), Date.UTC(2026, 1, 3)) + roll(40 * HOUR_MS),
        start_offset_min: pick(null, 120, 60, -210),
        stored_crops: roll(20),
        model: label && 'm',
        label,
        taxon: label === 'bee' ? pick('Apis mellifera', 'Apidae') : null,
        taxon_group: label === 'none_dirt' ? null : label && `${label}s`,
        probability: label && roll(100) / 100,
        insect: label === null ? null : label === 'none_dirt' ? 0 : 1,
        unsure: label === null ? null : pick(0, 0, 1),
      });
    }
  });
  afterAll(() => catalog.close());

  const counts = (keys: readonly CountKey[], filter: RunFilter = {}, limit = 9999) =>
    new StatsRepository(catalog, { timeZone: DEFAULT_ZONE }).countVisits({ filter, keys, limit, nowMs: NOW });

  /** What a person with the list of runs and much patience would find. */
  async function countedByHand(keys: readonly CountKey[], filter: RunFilter): Promise<VisitCount[]> {
    const sums = new Map<string, VisitCount>();
    for await (const page of pagesOfRuns(catalog.reader, filter, 100))
      for (const run of page) {
        const named = Object.fromEntries(keys.map((key) => [key, partOf(run, key)]));
        const none = () => ({ visits: 0, crops: 0, unsure: 0, untimed: 0, untimedCrops: 0 });
        const sum = sums.get(JSON.stringify(named)) ?? {
          ...named,
          insects: none(),
          others: none(),
          unclassified: none(),
        };
        const kind = run.insect === null ? 'unclassified' : run.insect ? 'insects' : 'others';
        const { visits, crops, unsure } = sum[kind];
        sums.set(JSON.stringify(named), {
          ...sum,
          [kind]: {
            ...sum[kind],
            visits: visits + 1,
            crops: crops + run.storedCrops,
            unsure: unsure + (run.unsure ? 1 : 0),
          },
        });
      }
    return [...sums.values()];
  }

  const QUESTIONS: readonly (readonly [keys: readonly CountKey[], filter: RunFilter])[] = [
    [['label'], {}],
    [['trap', 'label'], { insectsOnly: true }],
    [['day'], {}],
    [['hour'], { trapIds: ['t2'] }],
    [['day', 'hour', 'trap'], {}],
    [['taxon', 'group'], {}],
    [['label'], { fromMs: Date.UTC(2026, 5, 30), toMs: Date.UTC(2026, 5, 30, 13) }],
    [['trap'], { label: 'bee', minProbability: 0.5 }],
    [['group', 'hour'], { unsure: true }],
    [['label'], { group: 'bees', taxon: 'Apidae', reviewed: false }],
  ];

  it.each(QUESTIONS)('by %j with %j are those that counting by hand gives', async (keys, filter) => {
    const [found, expected] = [await counts(keys, filter), await countedByHand(keys, filter)];
    expect(expected.length).toBeGreaterThan(0);
    expect(new Set(found.map(sorted))).toEqual(new Set(expected.map(sorted)));
    expect(found).toHaveLength(expected.length);
  });

  it('come as one row of zeros where there is nothing to count, and none by key', async () => {
    const none = { visits: 0, crops: 0, unsure: 0, untimed: 0, untimedCrops: 0 };
    expect(await counts([], { label: 'unicorn' })).toEqual([
      { insects: none, others: none, unclassified: none },
    ]);
    expect(await counts(['day'], { label: 'unicorn' })).toEqual([]);
  });

  it('end where there are more than were asked for', async () => {
    expect(await counts(['day', 'hour'], {}, 3)).toHaveLength(3);
  });

  describe('when a run changes', () => {
    const run = { trapId: 't1', runId: 'late' };
    const label = async (name: string) => (await counts(['label'])).find((row) => row.label === name);

    it('follow a late crop without a second visit', async () => {
      await lockRun(catalog.db, run, 1);
      await updateRun(catalog.db, run, { label: 'late', insect: 1, unsure: 0 });
      for (const cropId of ['c1', 'c2'])
        await catalog.db.transaction().execute((tx) => storeCrops(tx, [newCrop(cropId, run)], 1));
      expect(await label('late')).toMatchObject({ insects: { visits: 1, crops: 2 } });
    });

    it('follow a verdict that another one has replaced', async () => {
      await updateRun(catalog.db, run, { label: 'wasp', insect: 1, unsure: 0, reviewed: 1 });
      expect(await label('late')).toBeUndefined();
      expect(await label('wasp')).toMatchObject({ insects: { visits: 1, unsure: 0 } });
      await updateRun(catalog.db, run, { label: 'none_leaf', insect: 0 });
      expect(await label('none_leaf')).toMatchObject({ insects: { visits: 0 }, others: { visits: 1 } });
    });
  });
});

const sorted = (row: VisitCount): string =>
  JSON.stringify(row, Object.keys(row).concat('visits', 'crops', 'unsure').sort());

function partOf(run: ObservedRun, key: CountKey): string | number | null {
  const atMs = Number(run.placeMs);
  const zone = ZONES[run.trapId as keyof typeof ZONES] ?? DEFAULT_ZONE;
  const localMs = atMs + (run.startOffsetMin ?? offsetMinAt(atMs, zone)) * 60_000;
  switch (key) {
    case 'trap':
      return run.trapId;
    case 'label':
      return run.label;
    case 'taxon':
      return run.taxon;
    case 'group':
      return run.group;
    case 'day':
      return Math.floor(localMs / HOUR_MS / 24);
    case 'hour':
      return new Date(localMs).getUTCHours();
  }
}
