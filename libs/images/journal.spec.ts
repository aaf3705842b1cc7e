import { mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal, type JournalPlace, readEntries } from './journal.js';

let folder: string;
let journal: Journal;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'journal-')), 'inbox');
  journal = new Journal(folder);
});

afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

const readEntry = async (place: JournalPlace, bytes: number) =>
  (await readEntries(folder, [{ ...place, bytes }]))[0];

const entries = (...texts: string[]) => texts.map((text) => Buffer.from(text));

describe('the journal', () => {
  it('gives back what was appended, one after the other and together', async () => {
    const [first] = await journal.append(entries('one'));
    const [second, third] = await journal.append(entries('second', 'third'));
    for (const [place, text] of [
      [first, 'one'],
      [second, 'second'],
      [third, 'third'],
    ] as const) {
      expect(place && (await readEntry(place, text.length))?.toString()).toBe(text);
    }
  });

  it('begins a file of its own in every process, and keeps those of others while they are young', async () => {
    const [old] = await journal.append(entries('from before the kill'));
    const next = new Journal(folder);
    await next.append(entries('after'));
    await next.shrink(async () => new Set());
    expect(await readdir(folder)).toHaveLength(2);
    expect(old && (await readEntry(old, 4))?.toString()).toBe('from');
    await next.close();
  });

  it('removes a segment that nobody needs any more, and none that is needed or in use', async () => {
    const [needed] = await journal.append(entries('needed'));
    await journal.close();
    const [useless] = await journal.append(entries('useless'));
    await journal.close();
    const [current] = await journal.append(entries('current'));
    expect(journal.mayShrink).toBe(true);
    await journal.shrink(async () => new Set([needed?.segment ?? '']));
    expect((await readdir(folder)).sort()).toEqual([needed?.segment, current?.segment].sort());
    expect(useless && (await readEntry(useless, 7))).toBeUndefined();
  });

  it('removes what a process left behind that ended long ago', async () => {
    const [left] = await journal.append(entries('left'));
    await utimes(join(folder, left?.segment ?? ''), 0, 0);
    const next = new Journal(folder);
    await next.shrink(async () => new Set());
    expect(await readdir(folder)).toEqual([]);
    await next.close();
  });

  it('tells nobody that bytes are durable whose file was removed, and goes on in another', async () => {
    const [first] = await journal.append(entries('first'));
    await rm(join(folder, first?.segment ?? ''));
    await expect(journal.append(entries('lost'))).rejects.toThrow(/was removed/);
    const [again] = await journal.append(entries('again'));
    expect(again && (await readEntry(again, 5))?.toString()).toBe('again');
  });

  it('says so where a segment ends too early', async () => {
    const [place] = await journal.append(entries('all of it'));
    await truncate(join(folder, place?.segment ?? ''), 3);
    await expect(place && readEntry(place, 9)).rejects.toThrow(/ends before the entry/);
  });

  it('goes on in another file after a write that failed', async () => {
    const [before] = await journal.append(entries('before'));
    await expect(journal.append([{ length: 3 } as Buffer])).rejects.toThrow();
    const [after] = await journal.append(entries('after'));
    expect(after?.segment).not.toBe(before?.segment);
    expect(before && (await readEntry(before, 6))?.toString()).toBe('before');
  });
});
