import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoredZip, ZipList } from '../../../libs/store/index.js';
import type { RangeRequest } from '../range-request.js';
import type { FillList } from './snapshot.js';
import { Snapshots } from './snapshots.js';

const WHOLE: RangeRequest = { is: 'whole' } as RangeRequest;
const KEY = { what: 'images', owner: 'key/office', filter: 'all' };
const HOUR_MS = 3_600_000;

let root: string;
let nowMs: number;
let snapshots: Snapshots;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'snapshots-')), 'downloads');
  nowMs = 1000;
  snapshots = open();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Another process on the same folder, or the same after a restart. */
const open = () => new Snapshots(root, { keepMs: 24 * HOUR_MS, bytes: 1e6, ofOne: 9, ofAll: 9 }, () => nowMs);

const stays = () => new AbortController().signal;
const holding =
  (text: string): FillList =>
  async (list) => {
    await list.addText('a.txt', text, 0);
    await list.addText('README.txt', `made at ${nowMs}`, nowMs, false);
  };
const get = async (text: string, wanted = WHOLE, from = snapshots) =>
  (await from.get(KEY, wanted, holding(text), stays())).snapshot;

/** Sends `bytes` of it, as far as the notes are concerned. */
async function send(text: string, bytes: (length: number) => number, wanted = WHOLE, from = snapshots) {
  const snapshot = await get(text, wanted, from);
  const end = await from.deliveries.begin(snapshot, wanted);
  await end(bytes(snapshot.length));
  return snapshot.id;
}
const all = (length: number) => length;
const half = (length: number) => length / 2;

describe('snapshots', () => {
  it('are found again by a client that broke off, also after a restart, whatever has changed', async () => {
    const id = await send('one', half);
    nowMs += 5 * HOUR_MS;
    expect((await get('two', { is: 'rest', from: 10 }, open())).id).toBe(id);
  });

  it('are made anew once a client has got the end', async () => {
    const id = await send('one', all);
    expect(await send('two', all)).not.toBe(id);
  });

  it('are the same where nothing has changed, but for the time of making', async () => {
    const id = await send('one', all);
    nowMs += HOUR_MS;
    expect(await send('one', all)).toBe(id);
    expect(readdirSync(root)).toHaveLength(1);
  });

  it('belong to one caller and one filter', async () => {
    const id = await send('one', half);
    for (const other of [{ owner: 'key/lab' }, { filter: 'few' }, { what: 'other' }]) {
      const { snapshot } = await snapshots.get({ ...KEY, ...other }, WHOLE, holding('one'), stays());
      expect(snapshot.id).not.toBe(id);
    }
  });

  it('are not over for one client when another has got the end', async () => {
    const snapshot = await get('one');
    const slow = await snapshots.deliveries.begin(snapshot, WHOLE);
    const quick = await snapshots.deliveries.begin(snapshot, WHOLE);
    await quick(snapshot.length);
    await slow(50);
    expect((await get('two')).id).toBe(snapshot.id);
  });

  it('are over when the one who broke off has begun again and got the end', async () => {
    const id = await send('one', half);
    expect(await send('one', all)).toBe(id);
    expect(await send('two', half)).not.toBe(id);
  });

  it('survive a kill in the middle of a delivery', async () => {
    const snapshot = await get('one');
    await snapshots.deliveries.begin(snapshot, WHOLE);
    expect((await get('two', { is: 'rest', from: 10 }, open())).id).toBe(snapshot.id);
  });

  it('are made once for all who ask meanwhile', async () => {
    let times = 0;
    const slow: FillList = async (list) => {
      times += 1;
      await new Promise((resolve) => setImmediate(resolve));
      await list.addText('a.txt', 'x', 0);
    };
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await snapshots.get(KEY, WHOLE, slow, stays())).snapshot.id),
    );
    expect([times, new Set(ids).size]).toEqual([1, 1]);
  });

  it('are not finished when all who asked have gone, and leave nothing', async () => {
    const left = new AbortController();
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const endless: FillList = async (_list, stopped) => {
      begun();
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        stopped.throwIfAborted();
      }
    };
    const waiting = snapshots.get(KEY, WHOLE, endless, left.signal);
    await hasBegun;
    left.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    expect(readdirSync(root)).toEqual([]);
    expect((await get('one')).length).toBeGreaterThan(0);
  });

  it('leave nothing where they fail, and the next one is tried again', async () => {
    const failing: FillList = () => Promise.reject(new Error('no room'));
    await expect(snapshots.get(KEY, WHOLE, failing, stays())).rejects.toThrow('no room');
    expect(readdirSync(root)).toEqual([]);
    await get('one');
  });

  it('expire, and so does what a killed process left unfinished', async () => {
    await send('one', all);
    const left = join(root, 'unfinished-x');
    mkdirSync(left);
    utimesSync(left, 0, 0);
    nowMs += 24 * HOUR_MS;
    await snapshots.expire();
    expect(readdirSync(root)).toHaveLength(1);
    nowMs += 1;
    await snapshots.expire();
    expect(readdirSync(root)).toEqual([]);
  });

  it('hold what was put in', async () => {
    const list = await ZipList.open(snapshots.folderOf(await get('one')));
    const zip = new StoredZip(
      list.pages(() => {
        throw new Error('there are no crops');
      }),
    );
    let text = '';
    for await (const chunk of zip.bytes()) text += chunk.toString('latin1');
    await list.close();
    expect(text).toContain('one');
    expect(text).toContain('made at 1000');
  });
});
