import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { withDetails } from '../../libs/domain/index.js';
import { onEachEngine, testEngines, withCatalog } from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { putDeadLetter } from '../dead-letters/index.js';
import {
  countInProgress,
  countPast,
  hasCropsInProgress,
  queuePast,
  queueUnseen,
  saveClassifications,
  trapsWaiting,
  votesOf,
  waitingCrops,
} from '../observations/index.js';
import { manifestOf } from '../runs/detections.repository.js';
import { dueRuns, findRun, lockRun, putManifest, rejectedCrops, saveRun } from '../runs/index.js';
import { findCrop } from './crops.repository.js';
import { ackInbox, oldestInInbox, placeInInbox } from './inbox.repository.js';
import { type NewCrop, storeCrops } from './store-crops.repository.js';

const engines = await testEngines();
const runProcess = promisify(execFile);
const RUN = { trapId: 't1', runId: 'r1' };
const DECIDE_AT = 9_000;

onEachEngine(engines, 'storing crops', (engine) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
  });
  afterEach(() => catalog.close());

  const store = (...crops: NewCrop[]) =>
    catalog.db.transaction().execute((tx) => storeCrops(tx, crops, DECIDE_AT));
  const outcomes = async (...crops: NewCrop[]) => (await store(...crops)).outcomes;
  const announce = (cropId: string, content: string) =>
    putManifest(catalog.db, RUN, [{ ...RUN, cropId, sha256: newCrop('x', { content }).sha256, entry: {} }]);
  const countersOf = async (run = RUN) => {
    const row = await findRun(catalog.db, run);
    return row && [row.storedCrops, row.storedBytes];
  };
  const classified = async (model: string, ...cropIds: string[]) =>
    saveClassifications(
      catalog.db,
      model,
      cropIds.map((cropId) => ({ ...RUN, cropId, ranked: [{ label: 'fly', probability: 0.5 }] })),
      1,
    );

  it('stores a new crop with its bytes, and its run', async () => {
    const crop = newCrop('c1');
    expect(await outcomes(crop)).toEqual(['stored']);
    expect(await placeInInbox(catalog.db, crop)).toEqual({ segment: 's1', position: crop.position });
    expect(await findCrop(catalog.db, crop)).toMatchObject({
      stage: 'inbox',
      sha256: crop.sha256,
      crc32: crop.crc32,
      bytes: crop.bytes,
      day: '1970-01-01',
    });
    expect(await countersOf()).toEqual([1, crop.bytes]);
  });

  it('changes nothing when the same bytes come again, at once or later', async () => {
    const crop = newCrop('c1');
    expect(await outcomes(crop, crop)).toEqual(['stored', 'same']);
    expect(await outcomes(crop)).toEqual(['same']);
    expect(await countersOf()).toEqual([1, crop.bytes]);
  });

  it('keeps the first bytes of an id, whether others come at once or later', async () => {
    const first = newCrop('c1');
    const other = newCrop('c1', { content: 'something else' });
    expect(await outcomes(first, other, first)).toEqual(['stored', 'conflict', 'same']);
    expect(await outcomes(other)).toEqual(['conflict']);
    expect(await placeInInbox(catalog.db, first)).toEqual({ segment: 's1', position: first.position });
    expect(await countersOf()).toEqual([1, first.bytes]);
  });

  it('takes only the bytes that the manifest announced, in whatever order they come', async () => {
    await announce('c1', 'right');
    const right = newCrop('c1', { content: 'right' });
    const wrong = newCrop('c1', { content: 'wrong' });
    expect(await outcomes(wrong)).toEqual(['hash-mismatch']);
    expect(await findRun(catalog.db, RUN)).toBeUndefined();
    expect(await outcomes(wrong, right, wrong, right)).toEqual([
      'hash-mismatch',
      'stored',
      'hash-mismatch',
      'same',
    ]);
    expect(await outcomes(wrong, right)).toEqual(['hash-mismatch', 'same']);
    expect(await countersOf()).toEqual([1, right.bytes]);
  });

  it('keeps what it has when a manifest announces other bytes too late', async () => {
    const kept = newCrop('c1', { content: 'kept' });
    await store(kept);
    await announce('c1', 'announced');
    const announced = newCrop('c1', { content: 'announced' });
    const neither = newCrop('c1', { content: 'neither' });
    expect(await outcomes(kept, announced, neither)).toEqual(['same', 'conflict', 'conflict']);
    expect(await manifestOf(catalog.db, RUN)).toEqual([{ crop: 'c1', stored: true, hashDiffers: true }]);
  });

  it('counts a group over several runs and traps for each of them', async () => {
    const at = (trapId: string, runId: string, cropId: string) => newCrop(cropId, { trapId, runId });
    await store(at('t2', 'r1', 'a'), at('t1', 'r1', 'a'), at('t1', 'r2', 'a'), at('t1', 'r1', 'b'));
    await store(at('t1', 'r1', 'c'), at('t2', 'r1', 'a'));
    expect((await countersOf())?.[0]).toBe(3);
    expect((await countersOf({ trapId: 't1', runId: 'r2' }))?.[0]).toBe(1);
    expect((await countersOf({ trapId: 't2', runId: 'r1' }))?.[0]).toBe(1);
  });

  it('keeps the counters exact when two processes write the same crops at once', async () => {
    const place = await engine.place();
    const ids = Array.from({ length: 200 }, (_, i) => `c${i}`);
    const writer = (order: string[]) =>
      runProcess(process.execPath, [
        resolve('test/fixtures/catalog-writer.mjs'),
        JSON.stringify({ place, run: RUN, ids: order }),
      ]);
    const said = await Promise.all([writer(ids), writer(ids.toReversed())]);
    const stored = said
      .flatMap(({ stdout }) => stdout.split('\n'))
      .filter((line) => line.endsWith(' stored'));
    expect(stored.length).toBe(200);
    await withCatalog(place, async ({ db }) => {
      const run = await findRun(db, RUN);
      expect([run?.storedCrops, run?.storedBytes]).toEqual([200, 200 * 2000]);
      expect(await countInProgress(db)).toEqual({ inbox: 200, waiting: 0 });
    });
  });

  it('names a run as filled when its last announced crop comes, and not before', async () => {
    await lockRun(catalog.db, RUN, 1);
    await updateRun(catalog.db, RUN, { announced_crops: 2, end_received_at: 5 });
    expect((await store(newCrop('c1'))).filled).toEqual([]);
    expect((await store(newCrop('c2'), newCrop('x', { runId: 'r2' }))).filled).toEqual([RUN]);
  });

  it('opens a complete run again when a late crop comes', async () => {
    await store(newCrop('c1'));
    await updateRun(catalog.db, RUN, { state: 'complete', completed_at: 5, decide_at: null });
    await store(newCrop('c1'));
    expect(await findRun(catalog.db, RUN)).toMatchObject({ state: 'complete', decideAtMs: null });
    await store(newCrop('c2', { receivedAtMs: 7_000 }));
    expect(await findRun(catalog.db, RUN)).toMatchObject({
      state: 'open',
      decideAtMs: DECIDE_AT,
      firstReceivedAtMs: 1_000,
      lastReceivedAtMs: 7_000,
    });
  });

  it('keeps the day of a run from its first crop on', async () => {
    const row = await lockRun(catalog.db, RUN, 1);
    const start = { utcMs: Date.UTC(2026, 5, 1, 23), offsetMin: 120, sent: '…', clockSuspect: false };
    await saveRun(catalog.db, RUN, withDetails(row, { start }, 2));
    await store(newCrop('c1'));
    const held = await lockRun(catalog.db, RUN, 3);
    expect(held.day).toBe('2026-06-02');
    expect(withDetails(held, { start: { ...start, utcMs: 0 } }, 4).day).toBe('2026-06-02');
  });

  it('hands the inbox over oldest first, and lets go of what has a file', async () => {
    await store(
      newCrop('b', { receivedAtMs: 2 }),
      newCrop('a', { receivedAtMs: 3 }),
      newCrop('c', { receivedAtMs: 1 }),
    );
    const oldest = await oldestInInbox(catalog.reader, 2);
    expect(oldest.map(({ crop }) => crop.cropId)).toEqual(['c', 'b']);
    expect(oldest[0]).toMatchObject({
      bytes: newCrop('c').bytes,
      place: { segment: 's1', position: newCrop('c').position },
    });
    await ackInbox(
      catalog.db,
      oldest.map(({ crop }) => crop),
    );
    expect(await placeInInbox(catalog.db, newCrop('c'))).toBeUndefined();
    expect(await countInProgress(catalog.db)).toEqual({ inbox: 1, waiting: 2 });
  });

  it('leaves the inbox twice without sending a classified crop back', async () => {
    await store(newCrop('c1'));
    await ackInbox(catalog.db, [newCrop('c1')]);
    await classified('m', 'c1');
    await ackInbox(catalog.db, [newCrop('c1')]);
    expect((await findCrop(catalog.db, newCrop('c1')))?.stage).toBe('done');
  });

  it('tells of each trap which crops wait, the newest visits first or the oldest, and those of the past apart', async () => {
    const crops = [
      newCrop('old', { receivedAtMs: 1 }),
      newCrop('b', { receivedAtMs: 3 }),
      newCrop('a', { receivedAtMs: 2 }),
    ];
    await store(...crops);
    await ackInbox(catalog.db, crops);
    await classified('m1', 'old');
    expect(await queuePast(catalog.db, 'm2', {})).toBe(1);
    const late = newCrop('late', { runId: 'later', receivedAtMs: 9 });
    await store(late, newCrop('c', { trapId: 'other', receivedAtMs: 4 }));
    await ackInbox(catalog.db, [late, { ...RUN, trapId: 'other', cropId: 'c' }]);
    const { trapId } = RUN;
    const of = { trapId, turn: 0 as const, limit: 9 };
    const idsOf = async (order: 'newest' | 'oldest') =>
      (await waitingCrops(catalog.db, of, order)).map(({ cropId }) => cropId);
    expect(await trapsWaiting(catalog.db, 0)).toEqual(['other', trapId].sort());
    expect(await trapsWaiting(catalog.db, 1)).toEqual([trapId]);
    expect((await idsOf('newest'))[0]).toBe('late');
    expect((await idsOf('oldest')).at(-1)).toBe('late');
    expect(
      (await waitingCrops(catalog.db, { ...of, turn: 1 }, 'newest')).map(({ cropId }) => cropId),
    ).toEqual(['old']);
    expect(await waitingCrops(catalog.db, { ...of, limit: 1 }, 'newest')).toEqual([
      {
        trapId,
        runId: 'later',
        cropId: 'late',
        format: 'jpg',
        day: '1970-01-01',
        crc32: late.crc32,
        visitMs: 9,
      },
    ]);
  });

  it('knows a run under way until its last crop is classified', async () => {
    await store(newCrop('c1'), newCrop('c2'));
    await ackInbox(catalog.db, [newCrop('c1'), newCrop('c2')]);
    await classified('m', 'c1');
    expect(await hasCropsInProgress(catalog.db, RUN)).toBe(true);
    await classified('m', 'c2');
    expect(await hasCropsInProgress(catalog.db, RUN)).toBe(false);
  });

  it('keeps the later of two answers of a model to one crop', async () => {
    await store(newCrop('c1'));
    const answer = (label: string) => ({ ...RUN, cropId: 'c1', ranked: [{ label, probability: 0.9 }] });
    await saveClassifications(catalog.db, 'm', [answer('fly'), answer('wasp')], 1);
    expect(await votesOf(catalog.db, RUN, 'm')).toEqual([{ label: 'wasp', crops: 1, probabilitySum: 0.9 }]);
    await saveClassifications(catalog.db, 'm', [{ ...answer('bee'), code: 'broken', ranked: [] }], 2);
    expect(await votesOf(catalog.db, RUN, 'm')).toEqual([]);
  });

  it('keeps more answers at once than one statement takes', async () => {
    const crops = Array.from({ length: 4000 }, (_, i) => newCrop(`c${i}`));
    for (let from = 0; from < 4000; from += 1000) await store(...crops.slice(from, from + 1000));
    await classified('m', ...crops.map(({ cropId }) => cropId));
    expect((await votesOf(catalog.db, RUN, 'm'))[0]?.crops).toBe(4000);
  });

  it('sums the same votes to the same figures, whatever their order', async () => {
    const probabilities = [0.1, 0.7, 1e-9, 0.3333333333333333, 0.2, 0.9999999];
    const answers = probabilities.map((probability, i) => ({
      ...RUN,
      cropId: `c${i}`,
      ranked: [{ label: i % 2 ? 'fly' : 'Zebra', probability }],
    }));
    await store(...answers.map(({ cropId }) => newCrop(cropId)));
    await saveClassifications(catalog.db, 'm', answers, 1);
    for (const answer of answers.toReversed()) await saveClassifications(catalog.db, 'n', [answer], 1);
    const votes = await votesOf(catalog.db, RUN, 'm');
    expect(await votesOf(catalog.db, RUN, 'n')).toEqual(votes);
    expect(votes.map(({ label, crops }) => [label, crops])).toEqual([
      ['Zebra', 3],
      ['fly', 3],
    ]);
  });

  it('sends the crops of a run that a model has not seen to it, once', async () => {
    await store(newCrop('c1'), newCrop('c2'), newCrop('c3'));
    await classified('m1', 'c1', 'c2');
    await classified('m2', 'c1');
    expect(await queueUnseen(catalog.db, RUN, 0, 'm2')).toBe(1);
    expect(await queueUnseen(catalog.db, RUN, 0, 'm2')).toBe(0);
    expect((await findCrop(catalog.db, newCrop('c2')))?.stage).toBe('waiting');
    expect((await findCrop(catalog.db, newCrop('c3')))?.stage).toBe('inbox');
  });

  it('sends crops of the past to a model by trap and time, and those again that failed', async () => {
    for (const [trapId, runId, atMs] of [
      ['t1', 'r1', 100],
      ['t1', 'r2', 200],
      ['t2', 'r1', 100],
    ] as const) {
      const crop = newCrop('c', { trapId, runId });
      await store(crop);
      await updateRun(catalog.db, crop, { at_ms: atMs });
      await saveClassifications(
        catalog.db,
        'm1',
        [{ ...crop, ranked: [{ label: 'fly', probability: 1 }] }],
        1,
      );
    }
    const { db } = catalog;
    expect(await countPast(db, 'm1', {})).toBe(0);
    expect(await countPast(db, 'm2', {})).toBe(3);
    expect(await countPast(db, 'm2', { trapId: 't1' })).toBe(2);
    expect(await countPast(db, 'm2', { fromMs: 100, toMs: 200 })).toBe(2);
    expect(await queuePast(db, 'm2', { trapId: 't1', fromMs: 200 })).toBe(1);
    expect(
      (await waitingCrops(db, { trapId: 't1', turn: 1, limit: 9 }, 'oldest')).map(({ runId }) => runId),
    ).toEqual(['r2']);
    const failed = { trapId: 't2', runId: 'r1', cropId: 'c', ranked: [], code: 'missing' };
    await saveClassifications(db, 'm2', [failed], 2);
    expect(await queuePast(db, 'm2', { trapId: 't2' })).toBe(1);
    expect(await queuePast(db, 'm2', { trapId: 't2' })).toBe(0);
  });

  it('sends the past to a model in steps that leave no run out', async () => {
    const crops = Array.from({ length: 450 }, (_, i) => newCrop('c', { runId: `r${i}` }));
    await store(...crops);
    await saveClassifications(
      catalog.db,
      'm1',
      crops.map((crop) => ({ ...crop, ranked: [] })),
      1,
    );
    expect(await queuePast(catalog.db, 'm2', {})).toBe(450);
  });

  it('replaces a manifest by a later one, but for what is stored', async () => {
    await store(newCrop('b'));
    const entry = (cropId: string, confidence: number) => ({
      ...RUN,
      cropId,
      confidence,
      entry: { crop: cropId },
    });
    await putManifest(catalog.db, RUN, [
      entry('b', 0.1),
      entry('a', 0.2),
      entry('b', 0.3),
      entry('never-sent', 0.5),
    ]);
    await putManifest(catalog.db, RUN, [entry('a', 0.4)]);
    const rows = await catalog.db.selectFrom('detections').selectAll().orderBy('crop_id').execute();
    expect(rows.map((row) => [row.crop_id, row.confidence])).toEqual([
      ['a', 0.4],
      ['b', 0.3],
    ]);
  });

  it('holds a manifest against what is stored, in the order of the crop ids', async () => {
    await store(newCrop('c10'), newCrop('C9'));
    await putManifest(
      catalog.db,
      RUN,
      ['c2', 'c10', 'C9'].map((cropId) => ({ ...RUN, cropId, entry: {} })),
    );
    expect(await manifestOf(catalog.db, RUN)).toEqual([
      { crop: 'C9', stored: true, hashDiffers: false },
      { crop: 'c10', stored: true, hashDiffers: false },
      { crop: 'c2', stored: false, hashDiffers: false },
    ]);
  });

  it('lists the crops of a run that were refused and are not stored', async () => {
    const refuse = (cropId: string, code: string, content: string) =>
      putDeadLetter(
        catalog.db,
        {
          topic: `x/${cropId}`,
          ...RUN,
          cropId,
          code,
          message: '',
          bytes: Buffer.from(content),
          keepBytes: 9,
        },
        1,
      );
    await refuse('c2', 'too-large', 'one');
    await refuse('c1', 'not-an-image', 'one');
    await refuse('c1', 'not-an-image', 'two');
    await refuse('c3', 'hash-mismatch', 'one');
    await store(newCrop('c3'));
    expect(await rejectedCrops(catalog.db, RUN)).toEqual([
      { crop: 'c1', code: 'not-an-image' },
      { crop: 'c2', code: 'too-large' },
    ]);
  });

  it('finds the runs whose time has come, each once, the most urgent first', async () => {
    for (const [runId, decideAt, receiptAt] of [
      ['r1', 30, 10],
      ['r2', 20, null],
      ['r3', 99, null],
      ['r4', null, 15],
    ] as const) {
      await lockRun(catalog.db, { trapId: 't1', runId }, 1);
      await updateRun(
        catalog.db,
        { trapId: 't1', runId },
        { decide_at: decideAt, receipt_due_at: receiptAt },
      );
    }
    expect((await dueRuns(catalog.reader, 30, 9)).map(({ runId }) => runId)).toEqual(['r2', 'r1', 'r4']);
  });
});
