import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type CompiledQuery, Kysely, sql } from 'kysely';
import { ackInbox, oldestInInbox, storeCrops } from '../../../features/crops/index.js';
import { DeadLettersRepository } from '../../../features/dead-letters/dead-letters.repository.js';
import {
  countInProgress,
  hasCropsInProgress,
  queueUnseen,
  saveClassifications,
  votesOf,
  waitingCrops,
} from '../../../features/observations/index.js';
import { dueRuns, findRun, listRuns, type RunFilter, rejectedCrops } from '../../../features/runs/index.js';
import { testSqlite, withCatalog } from '../../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../../test/fixtures/catalog-rows.js';
import type { Catalog } from '../catalog.js';
import type { Db } from '../schema.js';
import { sqliteDialect } from './sqlite.js';

const engine = testSqlite();
afterAll(() => engine.stop());

describe('SQLite on a full disk', () => {
  it('says so, keeps what is committed, and writes again when there is room', async () => {
    await withCatalog(await engine.place(), async ({ db, reader }) => {
      const store = (runId: string, size: number) =>
        db
          .transaction()
          .execute((tx) => storeCrops(tx, [newCrop('c1', { runId, segment: 'x'.repeat(size) })], 1));
      await store('before', 10);
      const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db);
      await sql`pragma max_page_count = ${sql.lit(Number(pages.rows[0]?.page_count) + 2)}`.execute(db);
      await expect(store('too much', 1_000_000)).rejects.toThrow(/database or disk is full/);
      await expect(store('too much', 1_000_000)).rejects.toMatchObject({ errcode: 13 });
      expect((await listRuns(reader, {}, 9)).map((run) => run.runId)).toEqual(['before']);
      await sql`pragma max_page_count = 1000000`.execute(db);
      await store('after', 1_000_000);
      expect(await listRuns(reader, {}, 9)).toHaveLength(2);
    });
  });
});

describe('SQLite under kill -9', () => {
  it('has every crop that was reported as committed, and each once', async () => {
    const place = await engine.place();
    const reported = new Set<string>();
    for (let kill = 0; kill < 5; kill++) {
      const ids = Array.from({ length: 5000 }, (_, i) => `k${kill}-${i}`);
      for (const id of await writeUntilKilled(
        { place, run: { trapId: 't1', runId: 'r1' }, ids },
        200 + 70 * kill,
      ))
        reported.add(id);
    }
    expect(reported.size).toBeGreaterThan(1000);
    await withCatalog(place, async ({ db }) => {
      const rows = await db
        .selectFrom('crops')
        .leftJoin('inbox', 'inbox.crop_id', 'crops.crop_id')
        .select(['crops.crop_id', 'inbox.position'])
        .execute();
      const kept = new Map(rows.map((row) => [row.crop_id, row.position]));
      expect([...reported].filter((id) => !kept.has(id))).toEqual([]);
      expect([...kept.values()].filter((position) => position === null)).toEqual([]);
      expect((await findRun(db, { trapId: 't1', runId: 'r1' }))?.storedCrops).toBe(kept.size);
      expect((await sql`pragma integrity_check`.execute(db)).rows).toEqual([{ integrity_check: 'ok' }]);
    });
  });
});

async function writeUntilKilled(order: object, afterReports: number): Promise<string[]> {
  const writer = spawn(
    process.execPath,
    [resolve('test/fixtures/catalog-writer.mjs'), JSON.stringify(order)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(writer, 'exit');
  const ids: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    const [id, outcome] = line.split(' ');
    if (outcome === 'stored') ids.push(id as string); // a line that the kill cut short reports nothing
    if (ids.length === afterReports) writer.kill('SIGKILL');
  }
  expect((await exit)[1]).toBe('SIGKILL');
  return ids;
}

/** What editors ask for often. */
const INDEXED_LISTS: readonly (readonly [filter: RunFilter, index: RegExp])[] = [
  [{}, /INDEX runs_newest/],
  [{ trapIds: ['t1'] }, /INDEX runs_of_trap \(trap_id=\?/],
  [{ label: 'bee' }, /INDEX runs_of_label \(label=\?/],
  [{ taxon: 'Apis' }, /INDEX runs_of_taxon \(taxon=\?/],
  [{ group: 'bees' }, /INDEX runs_of_group \(taxon_group=\?/],
  [{ trapIds: ['t1'], label: 'bee' }, /INDEX runs_of_trap_label \(<expr>=\?/],
  [{ insectsOnly: true }, /INDEX runs_insects/],
  [{ trapIds: ['t1'], insectsOnly: true }, /INDEX runs_of_trap_insects \(trap_id=\?/],
  [{ unsure: true }, /INDEX runs_unsure/],
  [{ reviewed: true }, /INDEX runs_reviewed/],
  [{ state: 'open' }, /INDEX runs_open/],
];

describe('the queries of the catalog', () => {
  const run = { trapId: 't1', runId: 'r1' };
  const crops = [newCrop('a'), newCrop('b')];
  const after = { ...run, placeMs: 5 };

  /** What SQLite says it will do for each statement that `use` executes. */
  async function plansOf(use: (db: Db) => Promise<unknown>): Promise<string[]> {
    const place = await engine.place();
    return withCatalog(place, async (catalog) => {
      const queries: CompiledQuery[] = [];
      const dialect = sqliteDialect(join(place.dataDir, 'catalog.sqlite'), 'write', 250);
      const db: Db = new Kysely({ dialect, log: ({ query }) => void queries.push(query) });
      await use(db);
      await db.destroy();
      const plans: string[] = [];
      for (const query of queries) {
        if (!/^(with|select|update|delete)/.test(query.sql)) continue;
        const explained = await catalog.db.executeQuery<{ detail: string }>({
          ...query,
          sql: `explain query plan ${query.sql}`,
        });
        plans.push(explained.rows.map((row) => row.detail).join('\n'));
      }
      return plans;
    });
  }

  const scansOrSorts = /SCAN (?!\d+-ROW|CONSTANT|\d+ CONSTANT)|TEMP B-TREE/;

  it.each<[string, (db: Db) => Promise<unknown>, RegExp]>([
    [
      'hasCropsUnderWay',
      (db) => hasCropsInProgress(db, run),
      /INDEX crops_under_way \(trap_id=\? AND run_id=\?\)/,
    ],
    [
      'waitingCrops, newest first',
      (db) => waitingCrops(db, { trapId: 't1', turn: 0, limit: 9 }, 'newest'),
      /crops USING INDEX crops_to_classify \(turn=\? AND trap_id=\?\)/,
    ],
    [
      'waitingCrops, oldest first',
      (db) => waitingCrops(db, { trapId: 't1', turn: 1, limit: 9 }, 'oldest'),
      /crops USING INDEX crops_to_classify \(turn=\? AND trap_id=\?\)/,
    ],
    ['countUnderWay', (db) => countInProgress(db), /COVERING INDEX (crops_to_classify|inbox_oldest)/],
    ['oldestInInbox', (db) => oldestInInbox(db, 9), /inbox USING INDEX inbox_oldest\n/],
    ['dueRuns', (db) => dueRuns(db, 5, 9), /INDEX runs_(to_decide|receipt_due) \((\w+)>\? AND \2<\?\)/],
    ['listRuns', (db) => listRuns(db, {}, 9), /runs USING INDEX runs_newest\n/],
    [
      'listRuns after a page',
      (db) => listRuns(db, {}, 9, { after }),
      /INDEX runs_newest \(\(at_ms,trap_id,run_id\)<\(\?,\?,\?\)\)/,
    ],
    ['listRuns of a trap', (db) => listRuns(db, { trapIds: ['t1'] }, 9), /INDEX runs_of_trap \(trap_id=\?\)/],
    [
      'listRuns of a trap and time',
      (db) => listRuns(db, { trapIds: ['t1'], fromMs: 1, toMs: 2 }, 9),
      /INDEX runs_of_trap \(trap_id=\? AND at_ms>\? AND at_ms<\?\)/,
    ],
    [
      'listRuns of a trap after a page',
      (db) => listRuns(db, { trapIds: ['t1'] }, 9, { after }),
      /INDEX runs_of_trap \(trap_id=\? AND at_ms</,
    ],
    ...INDEXED_LISTS.flatMap(([filter, index]): [string, (db: Db) => Promise<unknown>, RegExp][] => [
      [`listRuns of ${JSON.stringify(filter)}`, (db) => listRuns(db, filter, 9), index],
      [
        `listRuns of ${JSON.stringify(filter)} in a time, after a page`,
        (db) => listRuns(db, { ...filter, fromMs: 1, toMs: 9 }, 9, { after }),
        index,
      ],
    ]),
    [
      'DeadLettersRepository.list',
      (db) => new DeadLettersRepository({ reader: db } as Catalog).list(9),
      /INDEX dead_letters_newest/,
    ],
    [
      'DeadLettersRepository.list after a page',
      (db) => new DeadLettersRepository({ reader: db } as Catalog).list(9, [5, 'x']),
      /INDEX dead_letters_newest \(\(last_at,id\)<\(\?,\?\)\)/,
    ],
    [
      'refusedCrops',
      (db) => rejectedCrops(db, run),
      /INDEX (dead_letters_of_run|sqlite_autoindex_deletions_1) \(trap_id=\? AND run_id=\?/,
    ],
    [
      'votesOf',
      (db) => votesOf(db, run, 'm'),
      /sqlite_autoindex_classifications_1 \(trap_id=\? AND run_id=\?\)/,
    ],
    [
      'queueUnseen',
      (db) => queueUnseen(db, run, 0, 'm'),
      /sqlite_autoindex_crops_1 \(trap_id=\? AND run_id=\?\)/,
    ],
    ['leaveInbox', (db) => ackInbox(db, crops), /\(trap_id=\? AND run_id=\?( AND crop_id=\?)?\)/],
    [
      'storeCrops',
      (db) => storeCrops(db, crops, 1),
      /sqlite_autoindex_((crops|detections)_1 \(trap_id=\? AND run_id=\? AND crop_id=\?\)|deletions_1 \(trap_id=\? AND run_id=\?\))/,
    ],
    [
      'saveClassifications',
      (db) =>
        saveClassifications(
          db,
          'm',
          crops.map((crop) => ({ ...crop, ranked: [] })),
          1,
        ),
      /sqlite_autoindex_(crops|classifications)_1 \(trap_id=\? AND run_id=\? AND crop_id=\?\)/,
    ],
  ])('%s goes by its index and sorts nothing', async (_name, use, expected) => {
    const plans = await plansOf(use);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(`${plan}\n`).toMatch(expected);
      expect(plan.replace(/^.*(USING (COVERING )?INDEX).*$/gm, '')).not.toMatch(scansOrSorts);
    }
  });
});
