import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PARAMETERS, ROUTES } from '../../../test/fixtures/access-matrix.js';
import { fillMeadow } from '../../../test/fixtures/filled-api.js';
import { reviewRun } from '../../../test/fixtures/reviewed.js';
import { seedRuns } from '../../../test/fixtures/seeded-runs.js';
import { openSmallApi, type SmallApi, secretOf } from '../../../test/fixtures/small-api.js';
import { addPerson, putAccount } from '../index.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await fillMeadow(api.catalog, api.dataDir);
  const run = { trapId: 'riverbank', runId: 'run-9' };
  await seedRuns(api.catalog, [{ ...run, atMs: Date.now() - 60_000 }], false);
  await reviewRun(api.catalog, run, { verdict: 'relabel', label: 'wasp' });
  for (const [name, traps] of Object.entries(KEYS))
    await putAccount(api.catalog.db, { kind: 'key', name, role: 'viewer', secret: `of-${name}`, traps }, 1);
});
afterAll(() => api.close());

const KEYS = { meadow: ['meadow-1'], river: ['riverbank'], both: ['meadow-1', 'riverbank'] };

const ask = (path: string, key: keyof typeof KEYS | 'viewer') =>
  fetch(`${api.url}${path}`, {
    headers: { authorization: `Bearer ${key === 'viewer' ? secretOf('viewer') : `of-${key}`}` },
  });
const textOf = async (path: string, key: Parameters<typeof ask>[1]) => {
  const answer = await ask(path, key);
  return Buffer.from(await answer.arrayBuffer()).toString('latin1');
};
const admin = (method: string, path: string, body: unknown) =>
  fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${secretOf('admin')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const NARROWED = Object.entries(ROUTES)
  .filter(([route, { more }]) => more.traps === 'narrowed' && !/events$|:label|:episodeId/.test(route))
  .map(([route, { more }]) => [route.replace('GET ', ''), more.query ?? ''] as const);

describe('a key for some traps', () => {
  it.each(NARROWED)('sees nothing of other traps: %s', async (path, query) => {
    const text = await textOf(`${path}?${query}`, 'river');
    expect(text).not.toMatch(/meadow|0001/i);
    // Neither where it asks for the other trap.
    expect(await textOf(`${path}?${query}&trap=meadow-1`, 'river')).not.toMatch(/run-1\b|honeybee|0001/);
    expect(await textOf(`${path}?${query}&trap=meadow-1,riverbank`, 'river')).not.toMatch(
      /run-1\b|honeybee|0001/,
    );
  });

  it.each(NARROWED)('sees of its own traps what others see: %s', async (path, query) => {
    if (/zip|today/.test(path)) return; // They name the time at which they were made.
    const own = await textOf(`${path}?${query}`, 'meadow');
    expect(own).toBe(await textOf(`${path}?${query}&trap=meadow-1`, 'viewer'));
    expect(await textOf(`${path}?${query}`, 'both')).toBe(await textOf(`${path}?${query}`, 'viewer'));
  });

  it('counts, shows and downloads its own runs', async () => {
    const runs = JSON.parse(await textOf('/api/v1/runs', 'river')).items as { runId: string }[];
    expect(runs.map(({ runId }) => runId)).toEqual(['run-9']);
    const { totals } = JSON.parse(await textOf('/api/v1/stats/counts', 'river'));
    expect(totals.visits).toBe(1);
    const today = JSON.parse(await textOf('/api/v1/today', 'river'));
    expect([today.visits.count, today.newest.length]).toEqual([1, 1]);
    expect((await textOf('/api/v1/downloads/runs.csv', 'river')).trim().split('\n')).toHaveLength(2);
  });

  it('counts in names only what people named at its traps', async () => {
    const wasp = async (key: 'meadow' | 'river') =>
      JSON.parse(await textOf('/api/v1/taxa?q=wasp&limit=100', key)).items.find(
        ({ label }: { label: string }) => label === 'wasp',
      )?.used ?? 0;
    expect([await wasp('meadow'), await wasp('river')]).toEqual([0, 1]);
  });

  it('does not find what belongs to another trap, as if there were none', async () => {
    for (const path of ['/api/v1/traps/meadow-1', '/api/v1/runs/meadow-1/run-1', '/api/v1/traps/nothing'])
      expect([path, (await ask(path, 'river')).status]).toEqual([path, 404]);
    const picture = `/api/v1/runs/${PARAMETERS['trapId']}/run-1/crops/0001`;
    const signed = await fetch(`${api.url}/api/v1/signed-urls`, {
      method: 'POST',
      headers: { authorization: 'Bearer of-river', 'content-type': 'application/json' },
      body: JSON.stringify({ urls: [picture] }),
    });
    expect(signed.status).toBe(404);
  });

  it('loses the links that it made to a trap that it may not see any more', async () => {
    await putAccount(
      api.catalog.db,
      { kind: 'key', name: 'moved', role: 'viewer', secret: 'of-moved', traps: ['meadow-1'] },
      1,
    );
    const picture = '/api/v1/runs/meadow-1/run-1/crops/0001';
    const post = async (path: string, body: unknown) =>
      (
        await fetch(`${api.url}/api/v1${path}`, {
          method: 'POST',
          headers: { authorization: 'Bearer of-moved', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json() as Promise<{ urls: string[]; path: string }>;
    const { urls } = await post('/signed-urls', { urls: [picture] });
    const { path: shared } = await post('/runs/meadow-1/run-1/share', {});
    const opens = async () => [
      (await fetch(`${api.url}${urls[0]}`)).status,
      (await fetch(`${api.url}/api/v1${shared}`)).status,
    ];
    expect(await opens()).toEqual([200, 200]);
    expect((await admin('PATCH', '/keys/moved', { traps: ['riverbank'] })).status).toBe(200);
    expect(await opens()).toEqual([403, 404]);
  });
});

describe('the traps that somebody may see', () => {
  it('are set and changed by an administrator', async () => {
    const made = await admin('POST', '/users', { name: 'anna', role: 'viewer', traps: ['meadow-1'] });
    expect([made.status, await made.json()]).toMatchObject([201, { traps: ['meadow-1'] }]);
    const changed = await admin('PATCH', '/users/anna', { traps: ['riverbank', 'meadow-1'] });
    expect(await changed.json()).toMatchObject({ traps: ['meadow-1', 'riverbank'] });
    expect(await (await admin('PATCH', '/users/anna', { traps: null })).json()).toMatchObject({
      traps: null,
    });
    const key = await admin('POST', '/keys', { name: 'office', role: 'editor', traps: ['meadow-1'] });
    expect(await key.json()).toMatchObject({ name: 'office', role: 'editor' });
    const { items } = await api.json('/api/v1/keys', { as: 'admin' });
    expect(items.find(({ name }: { name: string }) => name === 'office').traps).toEqual(['meadow-1']);
  });

  it.each([
    [{ role: 'admin', traps: ['meadow-1'] }, 'traps'],
    [{ role: 'viewer', traps: [] }, 'traps'],
    [{ role: 'viewer', traps: ['no id'] }, 'traps'],
    [{ role: 'viewer', traps: 'meadow-1' }, 'traps'],
  ])('are not %j', async (body, field) => {
    const answer = await admin('POST', '/users', { name: 'bert', ...body });
    const problem = (await answer.json()) as { errors: { field: string }[] };
    expect([answer.status, problem.errors[0]?.field.split('.')[0]]).toEqual([400, field]);
  });

  it('are lifted before somebody becomes an administrator', async () => {
    await addPerson(
      api.catalog.db,
      { name: 'carl', role: 'editor', traps: ['meadow-1'], passwordHash: 'x' },
      1,
    );
    expect((await admin('PATCH', '/users/carl', { role: 'admin' })).status).toBe(400);
    expect((await admin('PATCH', '/users/carl', { role: 'admin', traps: null })).status).toBe(200);
  });
});
