import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillMeadow } from '../../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { putAccount, removeAccount } from '../accounts.repository.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

/** Who may use which route stands in `spec-access-matrix.ts`. */
describe('a key', () => {
  it('is asked for without a word on whether the thing exists', async () => {
    for (const path of ['/api/v1/runs/no/run', '/api/v1/runs?nonsense=1', '/api/v1/dead-letters/%20']) {
      const answer = await api.get(path, { as: 'none' });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('is taken as a bearer only', async () => {
    for (const authorization of [
      'secret-of-admin',
      'Basic secret-of-admin',
      'Bearer',
      'Bearer  ',
      'Bearer a b',
      'Bearer \u00e9',
    ]) {
      const answer = await api.get('/api/v1/runs', { as: 'none', headers: { authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
    }
    const lower = await api.get('/api/v1/runs', {
      as: 'none',
      headers: { authorization: 'bearer secret-of-viewer' },
    });
    expect(lower.status).toBe(200);
  });

  it('is refused from the moment on that it is taken back', async () => {
    await putAccount(api.catalog.db, { kind: 'key', name: 'guest', role: 'viewer', secret: 'guest' }, 1);
    const headers = { authorization: 'Bearer guest' };
    expect((await api.get('/api/v1/runs', { as: 'none', headers })).status).toBe(200);
    await removeAccount(api.catalog.db, 'key', 'guest');
    expect((await api.get('/api/v1/runs', { as: 'none', headers })).status).toBe(401);
  });

  it('has the time of its last use', async () => {
    await api.get('/api/v1/runs', { as: 'editor' });
    const used = await api.catalog.db
      .selectFrom('accounts')
      .selectAll()
      .where('name', '=', 'editor')
      .executeTakeFirstOrThrow();
    expect(used.last_used_at).toBeGreaterThan(Date.now() - 60_000);
  });
});
