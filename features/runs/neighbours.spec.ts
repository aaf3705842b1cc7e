import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { putAccount } from '../accounts/index.js';
import { updateTrap } from '../traps/index.js';

const JUNE = Date.UTC(2026, 5, 1, 8);

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  const run = (trapId: string, n: number, label: string) => ({
    trapId,
    runId: `run-${n}`,
    atMs: JUNE + n * 60_000,
    label,
  });
  await seedRuns(
    api.catalog,
    [run('a', 1, 'bee'), run('b', 2, 'fly'), run('a', 3, 'fly'), run('b', 4, 'bee'), run('a', 5, 'bee')],
    false,
  );
  await updateTrap(api.catalog.db, 'a', { name: 'Meadow', timeZone: 'Europe/Zurich' }, 1);
  const key = { kind: 'key', name: 'only-a', role: 'viewer', secret: 'of-only-a' } as const;
  await putAccount(api.catalog.db, { ...key, traps: ['a'] }, 1);
});
afterAll(() => api.close());

const neighbours = async (run: string, query = '', secret?: string) => {
  const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {};
  const as = secret ? ('none' as const) : ('viewer' as const);
  const { newer, older } = await api.json(`/api/v1/runs/${run}/neighbours${query}`, { as, headers });
  return [newer, older].map((each) => each && `${each.trapId}/${each.runId}`);
};

describe('a run', () => {
  it('has neighbours in the list of all, and in one with a filter', async () => {
    expect(await neighbours('a/run-3')).toEqual(['b/run-4', 'b/run-2']);
    expect(await neighbours('a/run-3', '?trap=a')).toEqual(['a/run-5', 'a/run-1']);
    // Also where the run itself is not in the list.
    expect(await neighbours('a/run-3', '?label=bee')).toEqual(['b/run-4', 'a/run-1']);
    expect(await neighbours('a/run-5')).toEqual([null, 'b/run-4']);
    expect(await neighbours('a/run-1', '?trap=a&label=bee')).toEqual(['a/run-5', null]);
  });

  it('has none of traps that the caller may not see', async () => {
    expect(await neighbours('a/run-3', '', 'of-only-a')).toEqual(['a/run-5', 'a/run-1']);
    expect(await neighbours('a/run-3', '?trap=b', 'of-only-a')).toEqual([null, null]);
  });

  it('says where it was seen, and whether for the first time', async () => {
    await api.catalog.db
      .insertInto('first_sightings')
      .values(
        (['return', 'season'] as const).map((kind) => ({
          id: `a.Bombus.${kind}`,
          trap_id: 'a',
          taxon: 'Bombus',
          rank: 'genus',
          taxon_group: 'bees',
          kind,
          run_id: 'run-5',
          at_ms: JUNE,
          last_before_ms: null,
          first_anywhere: 0 as const,
          state: 'standing' as const,
          announced: 0 as const,
          reason: null,
          noted_at: 1,
          changed_at: 1,
        })),
      )
      .execute();
    const { items } = await api.json('/api/v1/runs');
    const about = ({ trapName, timeZone, firstSighting }: Record<string, string | null>) => [
      trapName,
      timeZone,
      firstSighting,
    ];
    expect(items.slice(0, 2).map(about)).toEqual([
      ['Meadow', 'Europe/Zurich', 'season'],
      [null, null, null],
    ]);
    expect(about(await api.json('/api/v1/runs/a/run-5'))).toEqual(['Meadow', 'Europe/Zurich', 'season']);
  });
});
