import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { reviewRun } from '../../test/fixtures/reviewed.js';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { changesSince, forgetChanges, newestChange, noteChange } from '../outbox/index.js';
import { listRuns } from '../runs/index.js';
import { countCalls, countOthers, countReviewed, countVisitsByDay, hasRuns } from './today.repository.js';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const engines = await testEngines();

onEachEngine(engines, 'what a day shows', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await Catalog.open(await engine.place());
    await seedRuns(
      catalog,
      [
        { trapId: 'a', runId: '1', atMs: NOON, label: 'bee', taxon: 'Apis mellifera' },
        { trapId: 'a', runId: '2', atMs: NOON + 2 * HOUR, label: 'bee', taxon: 'Apis mellifera' },
        { trapId: 'b', runId: '3', atMs: NOON, label: 'fly' },
        { trapId: 'b', runId: '4', atMs: NOON, label: 'none_dirt', insect: false },
      ],
      false,
    );
    await catalog.db.updateTable('runs').set({ unsure: 1 }).where('run_id', '=', '3').execute();
  });
  afterAll(() => catalog.close());

  const span = { fromMs: NOON - 48 * HOUR, toMs: NOON + 48 * HOUR };

  it('is counted by day and hour, up to a time of day that may differ between traps', async () => {
    const { kinds, hours } = await countVisitsByDay(catalog.scanner, {
      ...span,
      timeOfDay: { otherwise: 15 * HOUR, ofTraps: new Map([['b', HOUR]]) },
      defaultZone: 'Europe/Berlin',
    });
    const day = Math.floor(NOON / (24 * HOUR));
    expect(kinds).toHaveLength(2);
    expect(kinds).toEqual(
      expect.arrayContaining([
        { day, label: 'bee', taxon: 'Apis mellifera', group: null, unsure: false, visits: 1 },
        { day, label: 'fly', taxon: null, group: null, unsure: true, visits: 0 },
      ]),
    );
    expect(hours).toHaveLength(2);
    expect(hours).toEqual(
      expect.arrayContaining([
        { day, hour: 14, visits: 2 },
        { day, hour: 16, visits: 1 },
      ]),
    );
  });

  it('is counted where it waits for a person, and where somebody has looked', async () => {
    const run = { trapId: 'b', runId: '3' };
    const ids = async (attention: boolean) =>
      (await listRuns(catalog.scanner, { attention }, 9)).map((row) => row.runId).sort();
    expect(await countCalls(catalog.reader, { fromMs: 0 })).toEqual({
      uncertain: 1,
      firstSightings: 0,
      episodes: 0,
    });
    expect([await ids(true), await ids(false)]).toEqual([['3'], ['1', '2', '4']]);
    await catalog.db
      .insertInto('first_sightings')
      .values({
        id: 'first',
        trap_id: 'b',
        taxon: 'Musca domestica',
        rank: 'species',
        taxon_group: 'flies',
        kind: 'ever',
        run_id: '3',
        at_ms: NOON,
        last_before_ms: null,
        first_anywhere: 1,
        state: 'standing',
        announced: 1,
        reason: null,
        noted_at: NOON,
        changed_at: NOON,
      })
      .execute();
    expect(await countCalls(catalog.reader, { fromMs: 0 })).toEqual({
      uncertain: 0,
      firstSightings: 1,
      episodes: 0,
    });
    await catalog.db.deleteFrom('first_sightings').execute();
    expect(await listRuns(catalog.scanner, { episodeId: 'nothing' }, 9)).toEqual([]);
    await reviewRun(catalog, run, { verdict: 'relabel', label: 'fly', at_ms: NOON });
    expect(await countCalls(catalog.reader, { fromMs: 0, trapIds: ['b'] })).toMatchObject({ uncertain: 0 });
    expect(await ids(true)).toEqual([]);
    expect(await countReviewed(catalog.reader, span)).toBe(1);
    expect(await countOthers(catalog.scanner, span)).toBe(1);
    expect(await hasRuns(catalog, undefined)).toBe(true);
    expect(await hasRuns(catalog, ['nowhere'])).toBe(false);
  });

  it('is told as it changes', async () => {
    const before = await newestChange(catalog.reader);
    await noteChange(catalog.db, { kind: 'trap', trap_id: 'a', item: '', state: 'online' });
    const [change] = await changesSince(catalog.reader, before, 9);
    expect(change).toMatchObject({ kind: 'trap', trap_id: 'a', state: 'online', seq: expect.any(Number) });
    await forgetChanges(catalog.db, Number(change?.seq) + 1);
    expect(await newestChange(catalog.reader)).toBe(0);
  });
});
