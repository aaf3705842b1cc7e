import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { touchTraps } from '../../features/traps/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { cachedOne, cachedQuery } from './cached-query.js';
import { Catalog } from './catalog.js';

const engines = await testEngines();

interface Letter {
  readonly topic: string;
  readonly payload: string;
}

onEachEngine(engines, 'a kept query', (engine) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
  });
  afterEach(() => catalog.close());

  it('is built once for each number of rows, and takes the values of each call', async () => {
    let built = 0;
    const put = cachedQuery((db, letters: readonly Letter[]) => {
      built += 1;
      const values = letters.map(({ topic, payload }) => ({ topic, payload: payload ?? 'never looked at' }));
      return db.insertInto('retained').values(values).returning('topic');
    });
    const names: string[] = [];
    for (const letters of [['a'], ['b'], ['c', 'd'], ['e', 'f'], ['g']]) {
      const { rows } = await put(
        catalog.db,
        letters.map((topic) => ({ topic, payload: `of ${topic}` })),
      );
      names.push(...rows.map((row) => row.topic));
    }
    expect([names.join(''), built]).toEqual(['abcdefg', 2]);
    const rows = await catalog.reader.selectFrom('retained').selectAll().orderBy('topic').execute();
    expect(rows).toEqual([...'abcdefg'].map((topic) => ({ topic, payload: `of ${topic}` })));
  });

  it('takes part in the transaction that it is asked in', async () => {
    const put = cachedOne((db, letter: Letter) =>
      db.insertInto('retained').values({ topic: letter.topic, payload: letter.payload }),
    );
    await put(catalog.db, { topic: 'stays', payload: '' });
    const undone = catalog.db.transaction().execute(async (tx) => {
      await put(tx, { topic: 'goes', payload: '' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const rows = await catalog.reader.selectFrom('retained').select('topic').execute();
    expect(rows).toEqual([{ topic: 'stays' }]);
  });

  it('knows constants and limits, and says how many rows it changed', async () => {
    await touchTraps(catalog.db, new Map(['a', 'b', 'c'].map((trap) => [trap, 1])));
    const first = cachedOne((db, at: { limit: number; from: string }) =>
      db
        .selectFrom('traps')
        .select('trap_id')
        .where('trap_id', '>=', at.from)
        .orderBy('trap_id')
        .limit(at.limit),
    );
    const ids = async (limit: number, from: string) =>
      (await first(catalog.reader, { limit, from })).rows.map((row) => row.trap_id);
    expect([await ids(1, 'a'), await ids(2, 'b'), await ids(9, 'c')]).toEqual([['a'], ['b', 'c'], ['c']]);
    const remove = cachedOne((db, { from }: { from: string }) =>
      db.deleteFrom('traps').where('trap_id', '>=', from),
    );
    expect((await remove(catalog.db, { from: 'b' })).numAffectedRows).toBe(2n);
  });
});
