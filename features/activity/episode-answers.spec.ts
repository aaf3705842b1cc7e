import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSmallApi, type SmallApi, secretOf } from '../../test/fixtures/small-api.js';
import { putAccount } from '../accounts/index.js';
import { changesSince, newestChange } from '../outbox/index.js';
import { putEpisode } from './activity.repository.js';

const ID = 'meadow-1.moths.494498';
const PATH = `/api/v1/activity/episodes/${ID}/answer`;

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  const hour = {
    firstHour: 494_498,
    lastHour: 494_498,
    startMs: 1_780_192_800_000,
    endMs: 1_780_196_400_000,
  };
  await putEpisode(api.catalog.db, {
    id: ID,
    trapId: 'meadow-1',
    group: 'moths',
    ...hour,
    state: 'closed',
    reason: null,
    evidence: [{ hour: 494_498, count: 5, expected: 0.1, upper: 2, score: 2.58, pHigh: 3e-7 }],
    openedAtMs: hour.endMs,
    changedAtMs: hour.endMs,
  });
  const key = { kind: 'key', name: 'elsewhere', role: 'editor', secret: 'of-elsewhere' } as const;
  await putAccount(api.catalog.db, { ...key, traps: ['riverbank'] }, 1);
});
afterAll(() => api.close());

const say = (method: 'PUT' | 'DELETE', secret: string, body?: unknown, path = PATH) =>
  fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const answers = async () => {
  const { items } = await api.json('/api/v1/activity/episodes');
  return items[0].answers.map(({ by, answer }: { by: string; answer: string }) => `${by}: ${answer}`);
};

describe('an answer to an episode', () => {
  it('is one of each person: listed, changed and taken back', async () => {
    expect(await answers()).toEqual([]);
    const first = await say('PUT', secretOf('editor'), { answer: 'yes' });
    expect([first.status, ((await first.json()) as { answers: unknown[] }).answers.length]).toEqual([200, 1]);
    await say('PUT', secretOf('admin'), { answer: 'no' });
    expect((await answers()).sort()).toEqual(['admin: no', 'editor: yes']);
    await say('PUT', secretOf('editor'), { answer: 'other' });
    expect((await answers()).sort()).toEqual(['admin: no', 'editor: other']);
    await say('DELETE', secretOf('editor'));
    await say('DELETE', secretOf('editor'));
    expect(await answers()).toEqual(['admin: no']);
  });

  it('is told to pages that are open', async () => {
    const since = await newestChange(api.catalog.reader);
    await say('PUT', secretOf('editor'), { answer: 'yes' });
    const changes = await changesSince(api.catalog.reader, since, 9);
    expect(changes).toMatchObject([{ kind: 'episode', item: ID, trap_id: 'meadow-1', state: 'answered' }]);
  });

  it.each([{}, { answer: 'maybe' }, { answer: 'yes', comment: 'so' }])('is not %j', async (body) => {
    expect((await say('PUT', secretOf('editor'), body)).status).toBe(400);
  });

  it('is for those who may review, and see the trap', async () => {
    expect((await say('PUT', secretOf('viewer'), { answer: 'yes' })).status).toBe(403);
    expect((await say('PUT', 'of-elsewhere', { answer: 'yes' })).status).toBe(404);
    expect(
      (await say('PUT', secretOf('editor'), { answer: 'yes' }, PATH.replace('moths', 'ants'))).status,
    ).toBe(404);
  });
});
