import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putAccount, removeAccount } from '../../libs/catalog/index.js';
import { fillMeadow } from './spec-filled.js';
import { type Key, openSmallApi, type SmallApi } from './spec-small-api.js';

let api: SmallApi;
let letter: string;
beforeAll(async () => {
  api = await openSmallApi();
  await fillMeadow(api.catalog, api.dataDir);
  letter = (await api.json('/api/v1/dead-letters', { as: 'admin' })).items[0].id;
});
afterAll(() => api.close());

type Row = readonly [path: string, answers: Readonly<Record<Key, number>>];

const all = (status: number): Row[1] => ({
  none: status,
  wrong: status,
  trap: status,
  device: status,
  viewer: status,
  editor: status,
  admin: status,
});
const from = (role: 'viewer' | 'editor'): Row[1] => ({
  ...all(200),
  none: 401,
  wrong: 401,
  trap: 403,
  device: 403,
  ...(role === 'editor' && { viewer: 403 }),
});

const ROUTES: readonly Row[] = [
  ['/health/live', all(200)],
  ['/health/ready', all(200)],
  ['/api/v1/protocol/asyncapi.json', all(200)],
  ['/api/v1/protocol/schemas/meta.json', all(200)],
  ['/metrics', from('viewer')],
  ['/api/v1/runs', from('viewer')],
  ['/api/v1/runs/meadow-1/run-1', from('viewer')],
  ['/api/v1/runs/meadow-1/run-1/crops/0001', from('viewer')],
  ['/api/v1/traps', from('viewer')],
  ['/api/v1/traps/meadow-1', from('viewer')],
  ['/api/v1/sessions', from('viewer')],
  ['/api/v1/models', from('viewer')],
  ['/api/v1/labels', from('viewer')],
  ['/api/v1/dead-letters', from('editor')],
  ['/api/v1/dead-letters/{letter}', from('editor')],
  ['/api/v1/dead-letters/{letter}/bytes', from('editor')],
];

describe('who may read what', () => {
  it.each(ROUTES)('%s', async (path, expected) => {
    const answers: Record<string, number> = {};
    for (const key of Object.keys(expected) as Key[]) {
      for (const method of ['GET', 'HEAD']) {
        const { status } = await api.get(path.replace('{letter}', letter), { as: key, method });
        answers[key] = Math.max(answers[key] ?? 0, status);
      }
    }
    expect(answers).toEqual(expected);
  });

  it('asks for a key without a word on whether the thing exists', async () => {
    for (const path of ['/api/v1/runs/no/run', '/api/v1/runs?nonsense=1', '/api/v1/dead-letters/%20']) {
      const answer = await api.get(path, { as: 'none' });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('takes no key but one that is sent as a bearer', async () => {
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

  it('refuses a key from the moment on that it is taken back', async () => {
    await putAccount(api.catalog.db, { kind: 'key', name: 'guest', role: 'viewer', secret: 'guest' }, 1);
    const headers = { authorization: 'Bearer guest' };
    expect((await api.get('/api/v1/runs', { as: 'none', headers })).status).toBe(200);
    await removeAccount(api.catalog.db, 'key', 'guest');
    expect((await api.get('/api/v1/runs', { as: 'none', headers })).status).toBe(401);
  });

  it('notes when a key was last used', async () => {
    await api.get('/api/v1/runs', { as: 'editor' });
    const used = await api.catalog.db
      .selectFrom('accounts')
      .selectAll()
      .where('name', '=', 'editor')
      .executeTakeFirstOrThrow();
    expect(used.last_used_at).toBeGreaterThan(Date.now() - 60_000);
  });
});
