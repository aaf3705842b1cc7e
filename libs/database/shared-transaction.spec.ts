import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { sqliteDialect } from './engines/sqlite.js';
import type { Db } from './schema.js';
import { SharedTransaction } from './shared-transaction.js';

let folder: string;
let db: Db;
let shared: SharedTransaction;
let statements: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-shared-'));
  statements = [];
  db = new Kysely({
    dialect: sqliteDialect(join(folder, 'a.sqlite'), 'write', 250),
    log: ({ query }) => void statements.push(query.sql),
  });
  await sql`create table words (word text primary key)`.execute(db);
  statements = [];
  shared = new SharedTransaction(db);
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const put =
  (...words: readonly string[]) =>
  async (tx: Db) => {
    for (const word of words) await sql`insert into words values (${word})`.execute(tx);
    return words.length;
  };
const write = (...words: readonly string[]) => shared.execute(put(...words), false);
const stored = async () =>
  (await sql<{ word: string }>`select word from words order by word`.execute(db)).rows.map(
    ({ word }) => word,
  );
const commits = () => statements.filter((statement) => statement === 'commit').length;

describe('a shared transaction', () => {
  it('commits what comes together once', async () => {
    expect(await Promise.all([write('a', 'b'), write('c'), write('d')])).toEqual([2, 1, 1]);
    expect(commits()).toBe(1);
    expect(await stored()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes back what failed by itself, and commits the rest', async () => {
    const results = await Promise.allSettled([write('a'), write('b', 'a'), write('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: expect.stringContaining('UNIQUE') } });
    expect(await stored()).toEqual(['a', 'c']);
  });

  it('takes work that waits along with what is urgent', async () => {
    const waiting = write('a');
    expect(await shared.execute(put('b'), true)).toBe(1);
    await waiting;
    expect(commits()).toBe(1);
  });

  it('tells everybody whose work a full disk has taken back', async () => {
    await sql`pragma max_page_count = 20`.execute(db);
    const results = await Promise.allSettled([write('a'), write('x'.repeat(200_000)), write('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: expect.stringContaining('full') } });
    expect(await stored()).toEqual(['a', 'c']);
    expect(await write('d')).toBe(1);
  });
});
