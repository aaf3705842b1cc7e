import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { touchTraps } from '../../../features/traps/index.js';
import { THREAD_FILE, testSqlite } from '../../../test/fixtures/catalog-engines.js';
import { Catalog } from '../catalog.js';
import { isBusy, Scanner } from './scanner.js';

const engine = testSqlite();
afterAll(() => engine.stop());

let catalog: Catalog;
let dataDir: string;
beforeEach(async () => {
  const place = await engine.place();
  dataDir = place.dataDir;
  catalog = await Catalog.open(place);
});
afterEach(() => catalog.close());

const numbers = (count: number) =>
  sql<{
    i: number;
  }>`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n`;

describe('the scanner', () => {
  it('hands over all rows in their order, however many', async () => {
    const { rows } = await numbers(1234).execute(catalog.scanner);
    expect(rows.map(({ i }) => i)).toEqual(Array.from({ length: 1234 }, (_, at) => at + 1));
  });

  it('sees what was committed before it was asked', async () => {
    for (const trapId of ['a', 'b']) {
      await touchTraps(catalog.db, new Map([[trapId, 1]]));
      const traps = await catalog.scanner.selectFrom('traps').select('trap_id').execute();
      expect(traps.at(-1)?.trap_id).toBe(trapId);
    }
  });

  it('leaves the loop free while it goes through much', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select max(i) from n`.execute(
      catalog.scanner,
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('changes nothing', async () => {
    await expect(catalog.scanner.deleteFrom('traps').execute()).rejects.toThrow(/readonly/);
    await expect(catalog.scanner.transaction().execute(async () => {})).rejects.toThrow(/no transactions/);
  });

  it('tells what is wrong with a statement, and answers the next one', async () => {
    await expect(sql`select nonsense`.execute(catalog.scanner)).rejects.toThrow(/no such column: nonsense/);
    expect((await numbers(2).execute(catalog.scanner)).rows).toHaveLength(2);
  });

  it('refuses more questions than it can answer soon', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 100 }, () => numbers(10).execute(catalog.scanner)),
    );
    const refused = all.filter((each) => each.status === 'rejected');
    expect(all.length - refused.length).toBe(64);
    expect(refused.every(({ reason }) => isBusy(reason))).toBe(true);
  });

  it('tells those who wait when it is closed', async () => {
    const scanner = new Scanner(THREAD_FILE, { file: join(dataDir, 'catalog.sqlite'), patienceMs: 1 });
    const asked = scanner.ask('select 1', []);
    await Promise.all([expect(asked).rejects.toThrow(/closed/), scanner.close()]);
  });

  it('says so where its thread cannot work, each time that it is asked', async () => {
    const scanner = new Scanner(THREAD_FILE, { file: join(dataDir, 'not', 'there'), patienceMs: 1 });
    for (let time = 0; time < 2; time++) await expect(scanner.ask('select 1', [])).rejects.toThrow(/open/);
    await scanner.close();
  });
});
