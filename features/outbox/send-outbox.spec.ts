import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { testSqlite } from '../../test/fixtures/catalog-engines.js';
import { oldestInOutbox, putInOutbox } from './outbox.repository.js';
import { type Publish, sendOutbox } from './send-outbox.js';

const engine = testSqlite();
afterAll(() => engine.stop());

let catalog: Catalog;
beforeEach(async () => {
  catalog = await Catalog.open(await engine.place());
  for (const run of ['a', 'b', 'c'])
    for (const kind of ['receipt', 'result'] as const)
      await putInOutbox(catalog.db, [
        { kind, key: `trap/${run}`, topic: `${run}/${kind}`, retain: 0, payload: '{}' },
      ]);
});

const left = async () => (await oldestInOutbox(catalog.db, 100)).map(({ topic }) => topic);

describe('sending what waits for the traps', () => {
  it('keeps what is about one run in order, and one failure costs no other run its messages', async () => {
    const published: string[] = [];
    const publish: Publish = async (topic) => {
      // The first takes longest: the order within a run must hold all the same.
      await new Promise((resolve) => setTimeout(resolve, topic.endsWith('receipt') ? 20 : 1));
      if (topic === 'b/receipt') throw new Error('the broker did not acknowledge in time');
      published.push(topic);
    };
    expect(await sendOutbox(catalog, publish, 20)).toBe(false);
    expect(published.filter((topic) => topic.startsWith('a'))).toEqual(['a/receipt', 'a/result']);
    expect(published.filter((topic) => topic.startsWith('c'))).toEqual(['c/receipt', 'c/result']);
    expect(await left()).toEqual(['b/receipt', 'b/result']);
    await catalog.close();
  });

  it('fails where nothing can be published, and keeps everything', async () => {
    const publish: Publish = () => Promise.reject(new Error('not connected to the broker'));
    await expect(sendOutbox(catalog, publish, 20)).rejects.toThrow('not connected');
    expect(await left()).toHaveLength(6);
    await catalog.close();
  });

  it('has no more on their way at one time than it may', async () => {
    let underWay = 0;
    let most = 0;
    const publish: Publish = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      underWay -= 1;
    };
    await sendOutbox(catalog, publish, 1);
    expect([most, await left()]).toEqual([1, []]);
    await catalog.close();
  });
});
