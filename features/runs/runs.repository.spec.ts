import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Catalog } from '../../libs/database/index.js';
import { runKey } from '../../libs/domain/index.js';
import {
  type CatalogPlace,
  onEachEngine,
  testEngines,
  withCatalog,
} from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { counted, putObservationRow, updateRun } from '../../test/fixtures/run-rows.js';
import { noteUse } from '../accounts/accounts.repository.js';
import { accountBySecret, listAccounts, putAccount, removeAccount } from '../accounts/index.js';
import { storeCrops } from '../crops/index.js';
import { DeadLettersRepository } from '../dead-letters/dead-letters.repository.js';
import { putDeadLetter } from '../dead-letters/index.js';
import { putInOutbox } from '../outbox/index.js';
import { ackOutbox, oldestInOutbox } from '../outbox/outbox.repository.js';
import { touchTraps } from '../traps/index.js';
import type { RunFilter } from './run-filter.repository.js';
import { lockRun } from './run-state.repository.js';
import { cropsOfRun, firstCrops, listRuns, pagesOfRuns, type RunCursor } from './runs.repository.js';

const engines = await testEngines();

onEachEngine(engines, 'the catalog', (engine) => {
  let place: CatalogPlace;
  let catalog: Catalog;
  beforeEach(async () => {
    place = await engine.place();
    catalog = await Catalog.open(place);
  });
  afterEach(() => catalog.close());

  const addRun = async (trapId: string, runId: string, atMs: number) => {
    await lockRun(catalog.db, { trapId, runId }, 1);
    await updateRun(catalog.db, { trapId, runId }, { at_ms: atMs });
  };

  async function allPages(size: number, trapId?: string): Promise<string[]> {
    const seen: string[] = [];
    let after: RunCursor | undefined;
    for (;;) {
      const page = await listRuns(
        catalog.reader,
        { trapIds: trapId === undefined ? undefined : [trapId] },
        size,
        { after },
      );
      seen.push(...page.map((run) => `${run.placeMs} ${run.trapId} ${run.runId}`));
      const last = page.at(-1);
      if (!last) return seen;
      after = last;
    }
  }

  it('opens again, also twice at once, and keeps what it has', async () => {
    await addRun('t1', 'r1', 1);
    const again = await Promise.all([Catalog.open(place), Catalog.open(place)]);
    expect(await listRuns(again[1].reader, {}, 9)).toHaveLength(1);
    await Promise.all(again.map((other) => other.close()));
  });

  it('is made by two processes at once', async () => {
    const fresh = await engine.place();
    const both = await Promise.all([Catalog.open(fresh), Catalog.open(fresh)]);
    await addRun('t1', 'r1', 1);
    await Promise.all(both.map((other) => other.close()));
    await withCatalog(fresh, async ({ db }) => expect(await listRuns(db, {}, 9)).toEqual([]));
  });

  it('pages through all runs, newest first, without loss or repetition where times are equal', async () => {
    const expected: string[] = [];
    for (const trapId of ['b', 'a', 'B', 'a-1', 'a_1', 'Z.9'])
      for (const runId of ['r1', 'R1', 'r10', 'r2', '9']) {
        await addRun(trapId, runId, 7);
        expected.push(`7 ${trapId} ${runId}`);
      }
    await addRun('a', 'newest', 8);
    const inOrder = ['8 a newest', ...expected.sort((a, b) => order(b, a))];
    for (const size of [1, 4, 7, 100]) expect(await allPages(size)).toEqual(inOrder);
    expect(await allPages(2, 'a')).toEqual(inOrder.filter((key) => key.split(' ')[1] === 'a'));
  });

  it('filters runs by what their observation says', async () => {
    for (const [runId, label, insect, unsure] of [
      ['r1', 'fly', 1, 0],
      ['r2', 'none_bg', 0, 0],
      ['r3', 'fly', 1, 1],
    ] as const) {
      await addRun('t1', runId, 5);
      const observation = { ...OBSERVATION, run_id: runId, label, insect, unsure };
      await updateRun(catalog.db, { trapId: 't1', runId }, counted(observation));
      await putObservationRow(catalog.db, observation);
      await putObservationRow(catalog.db, {
        ...OBSERVATION,
        run_id: runId,
        label: 'of another model',
        model: 'old',
      });
    }
    await addRun('t1', 'r4', 5);
    const found = async (filter: Parameters<typeof listRuns>[1]) =>
      (await listRuns(catalog.reader, filter, 9)).map((run) => run.runId);
    expect(await found({})).toEqual(['r4', 'r3', 'r2', 'r1']);
    expect(await found({ label: 'fly' })).toEqual(['r3', 'r1']);
    expect(await found({ insectsOnly: true, unsure: false })).toEqual(['r1']);
    expect(await found({ label: 'of another model' })).toEqual([]);
  });

  it('narrows runs by the verdict that counts', async () => {
    const runs = [
      [
        'r1',
        {
          label: 'bee',
          taxon: 'Apis mellifera',
          taxon_group: 'bees',
          probability: 0.9,
          unsure: 0,
          insect: 1,
        },
      ],
      ['r2', { label: 'bee', taxon: 'Apidae', taxon_group: 'bees', probability: 0.4, unsure: 1, insect: 1 }],
      ['r3', { label: 'fly', taxon_group: 'flies', probability: 1, unsure: 0, insect: 1, reviewed: 1 }],
      ['r4', { label: 'none_bg', probability: 0.5, unsure: 0, insect: 0, state: 'complete' }],
      ['r5', { label: null }],
    ] as const;
    for (const [runId, verdict] of runs) {
      await addRun('t1', runId, 5);
      await updateRun(catalog.db, { trapId: 't1', runId }, verdict);
    }
    await addRun('t2', 'r6', 6);
    await updateRun(catalog.db, { trapId: 't2', runId: 'r6' }, { label: 'bee', insect: 1 });
    const found = async (filter: RunFilter) =>
      (await listRuns(catalog.reader, filter, 9)).map((run) => run.runId).join(' ');
    expect(await found({ taxon: 'Apidae' })).toBe('r2');
    expect(await found({ group: 'bees' })).toBe('r2 r1');
    expect(await found({ minProbability: 0.5 })).toBe('r4 r3 r1');
    expect(await found({ minProbability: 0.5, insectsOnly: true })).toBe('r3 r1');
    expect(await found({ unsure: true })).toBe('r2');
    expect(await found({ unsure: false })).toBe('r4 r3 r1');
    expect(await found({ reviewed: true })).toBe('r3');
    expect(await found({ reviewed: false, trapIds: ['t1'] })).toBe('r5 r4 r2 r1');
    expect(await found({ state: 'complete' })).toBe('r4');
    expect(await found({ label: 'bee' })).toBe('r6 r2 r1');
    expect(await found({ label: 'bee', trapIds: ['t1'] })).toBe('r2 r1');
    expect(await found({ label: 'bee', trapIds: ['t1'], fromMs: 5, toMs: 6, group: 'bees' })).toBe('r2 r1');
    expect(await found({ label: 'bee', fromMs: 6 })).toBe('r6');
    expect(await found({ label: "bee' or 1=1 --", trapIds: ['t1'] })).toBe('');
  });

  it('hands out every run of a filter once, page by page', async () => {
    for (let run = 1; run <= 10; run++) await addRun('t1', `r${run}`, run % 3);
    await addRun('t2', 'r1', 1);
    for (const size of [1, 3, 10, 11]) {
      const seen: string[] = [];
      for await (const page of pagesOfRuns(catalog.reader, { trapIds: ['t1'] }, size)) {
        expect(page.length).toBeLessThanOrEqual(size);
        seen.push(...page.map((run) => run.runId));
      }
      expect([size, seen.length, new Set(seen).size]).toEqual([size, 10, 10]);
    }
  });

  it('orders ids by code point everywhere', async () => {
    const ids = ['b', 'a', 'B', 'a-1', 'a_1', 'Z.9', '10', '9'];
    const run = { trapId: 't1', runId: 'r1' };
    await catalog.db.transaction().execute((tx) =>
      storeCrops(
        tx,
        ids.map((id) => newCrop(id)),
        1,
      ),
    );
    const sorted = ids.toSorted(order);
    expect(
      (await cropsOfRun(catalog.reader, { ...run, day: '', model: null })).map((crop) => crop.cropId),
    ).toEqual(sorted);
    expect([...(await firstCrops(catalog.reader, [run]))]).toEqual([[runKey(run), sorted[0]]]);
  });

  it('counts a refused message that comes again, and keeps its first bytes', async () => {
    await refuse({ bytes: Buffer.from('hello') }, 10);
    await refuse({ bytes: Buffer.from('hello') }, 20);
    await refuse({ bytes: Buffer.from('other') }, 30);
    const letters = await new DeadLettersRepository(catalog).list(9);
    expect(letters.map((letter) => [letter.times, letter.firstAtMs, letter.lastAtMs])).toEqual([
      [1, 30, 30],
      [2, 10, 20],
    ]);
    const kept = await new DeadLettersRepository(catalog).find(letters[1]?.id ?? '');
    expect(kept?.bytes).toEqual(Buffer.from('hell'));
    expect(kept?.size).toBe(5);
  });

  it('keeps a refused message whatever characters its topic, field and reason have', async () => {
    for (const odd of ['a\0b', '\ud800 alone', '\u{1f41d}'.repeat(3000), 'é'.repeat(16_000)]) {
      await refuse({ topic: odd, field: odd, message: odd, client: odd }, 1);
      await refuse({ topic: odd, field: odd, message: odd, client: odd }, 2);
    }
    const letters = await new DeadLettersRepository(catalog).list(9);
    expect(letters.map(({ times }) => times)).toEqual([2, 2, 2, 2]);
    expect(letters.some(({ topic }) => topic === 'a\\0b')).toBe(true);
  });

  it('pages through refused messages of the same moment', async () => {
    for (let i = 0; i < 7; i++) await refuse({ topic: `x/${i}` }, 5);
    const seen = new Set<string>();
    let before: readonly [number, string] | undefined;
    for (let pages = 0; pages < 4; pages++) {
      for (const letter of await new DeadLettersRepository(catalog).list(2, before)) {
        seen.add(letter.topic);
        before = [letter.lastAtMs, letter.id];
      }
    }
    expect(seen.size).toBe(7);
  });

  it('sends messages oldest first, and only the newest for a target', async () => {
    await putInOutbox(catalog.db, [message('a', 1), message('b', 1), message('a', 2)]);
    expect((await oldestInOutbox(catalog.reader, 9)).map((row) => row.payload)).toEqual(['b1', 'a2']);
  });

  it('keeps a message that was replaced while the earlier one went out', async () => {
    await putInOutbox(catalog.db, [message('a', 1), message('b', 1)]);
    const sending = await oldestInOutbox(catalog.reader, 9);
    await putInOutbox(catalog.db, [message('a', 2)]);
    await ackOutbox(catalog.db, sending);
    expect((await oldestInOutbox(catalog.reader, 9)).map((row) => row.payload)).toEqual(['a2']);
  });

  it('never gives a replaced message the number that it had, even if the clock goes back', async () => {
    await putInOutbox(catalog.db, [message('a', 1)]);
    const ahead = sql.lit(Date.now() * 2000);
    await sql`update outbox set seq = ${ahead}`.execute(catalog.db);
    const sending = await oldestInOutbox(catalog.reader, 9);
    await putInOutbox(catalog.db, [message('a', 2)]);
    await ackOutbox(catalog.db, sending);
    expect(await oldestInOutbox(catalog.reader, 9)).toHaveLength(1);
  });

  it('knows an account by its secret until it gets another or is removed', async () => {
    const { db } = catalog;
    await putAccount(db, { kind: 'trap', name: 't1', role: 'device', secret: 'first' }, 1);
    await putAccount(db, { kind: 'key', name: 't1', role: 'viewer', secret: 'key' }, 1);
    await noteUse(db, { kind: 'trap', name: 't1' }, 7);
    expect(await accountBySecret(db, 'first')).toMatchObject({ kind: 'trap', name: 't1', last_used_at: 7 });
    await putAccount(db, { kind: 'trap', name: 't1', role: 'device', secret: 'second' }, 2);
    expect(await accountBySecret(db, 'first')).toBeUndefined();
    expect(await removeAccount(db, 'trap', 't1')).toBe(true);
    expect(await removeAccount(db, 'trap', 't1')).toBe(false);
    expect(await accountBySecret(db, 'second')).toBeUndefined();
    expect((await listAccounts(db, 'key')).map(({ name }) => name)).toEqual(['t1']);
  });

  it('keeps no secret in clear', async () => {
    await putAccount(catalog.db, { kind: 'key', name: 'n', role: 'admin', secret: 'very-secret' }, 1);
    expect(JSON.stringify(await listAccounts(catalog.db, 'key'))).not.toContain('very-secret');
  });

  it('notes when traps last spoke', async () => {
    await touchTraps(
      catalog.db,
      new Map([
        ['t2', 5],
        ['t1', 6],
      ]),
    );
    await touchTraps(catalog.db, new Map([['t1', 9]]));
    const rows = await catalog.db.selectFrom('traps').selectAll().orderBy('trap_id').execute();
    expect(rows.map((row) => [row.trap_id, row.first_seen_at, row.last_message_at])).toEqual([
      ['t1', 6, 9],
      ['t2', 5, 5],
    ]);
  });

  const refuse = (more: Partial<Parameters<typeof putDeadLetter>[1]>, atMs: number) =>
    putDeadLetter(
      catalog.db,
      { topic: 'x', code: 'bad-topic', message: 'no', bytes: Buffer.from('hello'), keepBytes: 4, ...more },
      atMs,
    );
});

const order = (a: string, b: string) => (a < b ? -1 : 1);

const message = (key: string, version: number) => ({
  kind: 'result' as const,
  key,
  topic: `x/${key}`,
  retain: 0 as const,
  payload: `${key}${version}`,
});

const OBSERVATION = {
  trap_id: 't1',
  run_id: 'r1',
  model: 'm',
  label: 'fly',
  insect: 1,
  probability: 0.5,
  top1_prob_mean: 0.5,
  top1_crops: 1,
  crops: 1,
  unsure: 0,
  rolled_up: 0,
  ranking: '[]',
  final: 1,
  revision: 1,
  observed_at: 1,
} as const;
