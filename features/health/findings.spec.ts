import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
});
afterAll(() => api.close());

interface Finding {
  readonly id: string;
  readonly level: string;
  readonly advice?: string;
}

it('says what is amiss, the worst first, each with what to do', async () => {
  const { checkedAt, items } = await api.json('/api/v1/health/findings', { as: 'admin' });
  expect(Math.abs(Date.parse(checkedAt) - Date.now())).toBeLessThan(60_000);
  const of = (id: string) => items.find((each: Finding) => each.id === id);
  expect(of('backup')).toMatchObject({ level: 'warning', detail: 'there is no backup' });
  expect(of('model')).toMatchObject({ level: 'warning', advice: expect.stringMatching(/^Install a model/) });
  expect(of('disk')).toMatchObject({ level: 'ok' });
  const levels = items.map(({ level }: Finding) => ['trouble', 'warning', 'ok'].indexOf(level));
  expect(levels).toEqual([...levels].sort((a: number, b: number) => a - b));
  for (const { level, advice } of items as Finding[]) expect(advice !== undefined).toBe(level !== 'ok');
  expect(new Set(items.map(({ id }: Finding) => id)).size).toBe(items.length);
});

it('is found at most every ten seconds, and only for admins', async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(() => api.json('/api/v1/health/findings', { as: 'admin' })),
  );
  expect(second).toEqual(first);
  expect((await api.get('/api/v1/health/findings', { as: 'editor' })).status).toBe(403);
});
