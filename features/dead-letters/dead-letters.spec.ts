import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JUNE_1 } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { DeadLettersRepository, putDeadLetter } from './dead-letters.repository.js';

const BYTES = Buffer.from('<svg onload=alert(1)>');

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  for (let at = 0; at < 9; at++) {
    const topic = `traps/v1/meadow-1/runs/run-1/crops/${at}`;
    const why = { code: 'not-an-image', message: 'is no image', trapId: 'meadow-1' };
    await putDeadLetter(api.catalog.db, { topic, ...why, bytes: BYTES, keepBytes: 1024 }, JUNE_1 + (at % 2));
  }
});
afterAll(() => api.close());

const get = async (path: string) => api.json(path, { as: 'editor' });

describe('the dead letters', () => {
  it('come newest first, none lost and none twice', async () => {
    const seen: { id: string; lastAt: string }[] = [];
    for (let query = '?limit=2'; query; ) {
      const page = await get(`/api/v1/dead-letters${query}`);
      seen.push(...page.items);
      query = page.next ? `?limit=2&after=${page.next}` : '';
    }
    expect([seen.length, new Set(seen.map(({ id }) => id)).size]).toEqual([9, 9]);
    expect(seen.map(({ lastAt }) => lastAt)).toEqual(
      seen
        .map(({ lastAt }) => lastAt)
        .sort()
        .reverse(),
    );
  });

  it('say what was refused and why', async () => {
    const { items } = await get('/api/v1/dead-letters?limit=1');
    expect(await get(`/api/v1/dead-letters/${items[0].id}`)).toMatchObject({
      code: 'not-an-image',
      trapId: 'meadow-1',
      bytes: BYTES.length,
      keptBytes: BYTES.length,
      times: 1,
    });
  });

  it('know no hash of what was too large to be read', async () => {
    const topic = 'traps/v1/meadow-1/runs/run-1/crops/large';
    const why = { code: 'too-large', message: 'is too large', cropId: 'large' };
    const part = { bytes: BYTES, size: BYTES.length + 1, keepBytes: 1024 };
    await putDeadLetter(api.catalog.db, { topic, ...why, ...part }, JUNE_1 + 2);
    const { items } = await get('/api/v1/dead-letters?limit=1');
    expect(items).toMatchObject([{ topic, sha256: null, bytes: BYTES.length + 1 }]);
    expect(await get(`/api/v1/dead-letters/${items[0].id}`)).toMatchObject({ sha256: null });
    await new DeadLettersRepository(api.catalog).remove(items[0].id);
  });

  it('give their bytes as a download of no type', async () => {
    const { items } = await get('/api/v1/dead-letters?limit=1');
    const answer = await api.get(`/api/v1/dead-letters/${items[0].id}/bytes`, { as: 'editor' });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${items[0].id}.bin"`,
      'x-content-type-options': 'nosniff',
    });
  });
});
