import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal, type JournalOffset } from './journal.js';

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

const readEntry = async ({ segment, position }: JournalOffset, bytes: number) =>
  (await readFile(join(folder, segment)).catch(() => undefined))?.subarray(position, position + bytes);

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

  describe('with full segments', () => {
    const full = () => new Journal(folder, 4);
    const nothingNeeded = async () => new Set<string>();

    it('writes one that nobody needs again under another name, and removes the rest', async () => {
      const small = full();
      const [first, second, third] = [
        ...(await small.append(entries('first'))),
        ...(await small.append(entries('second'))),
        ...(await small.append(entries('third'))),
      ];
      await small.shrink(nothingNeeded);
      const kept = await readdir(folder);
      expect(kept).toHaveLength(2);
      expect(kept).toContain(third?.segment);
      const [fourth] = await small.append(entries('4th'));
      expect(await readdir(folder)).toHaveLength(2);
      expect([first, second, third].map((place) => place?.segment)).not.toContain(fourth?.segment);
      expect(fourth && (await readEntry(fourth, 3))?.toString()).toBe('4th');
      expect(first && (await readEntry(first, 5))).toBeUndefined();
      await small.close();
      expect((await readdir(folder)).sort()).toEqual([third?.segment, fourth?.segment].sort());
    });

    it('gives nobody the bytes of another entry who reads while it is written again', async () => {
      const small = full();
      const [first] = await small.append(entries('first'));
      await small.append(entries('second'));
      const reading = async () => (first ? (await readEntry(first, 5))?.toString() : undefined);
      const seen: (string | undefined)[] = [];
      let done = false;
      const reader = (async () => {
        while (!done) seen.push(await reading());
      })();
      for (let i = 0; i < 50; i += 1) {
        await small.shrink(nothingNeeded);
        await small.append(entries(`no. ${i}`));
      }
      done = true;
      await reader;
      expect(seen.length).toBeGreaterThan(50);
      expect(new Set(seen)).toEqual(new Set([...(seen.includes('first') ? ['first'] : []), undefined]));
      await small.close();
    });

    it('goes on without one that somebody has removed', async () => {
      const small = full();
      for (const text of ['first', 'second']) await small.append(entries(text));
      await small.shrink(nothingNeeded);
      for (const name of await readdir(folder)) await rm(join(folder, name));
      await expect(small.append(entries('to the removed one'))).resolves.toHaveLength(1);
      await small.close();
    });
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

  it('goes on in another file after a write that failed', async () => {
    const [before] = await journal.append(entries('before'));
    await expect(journal.append([{ length: 3 } as Buffer])).rejects.toThrow();
    const [after] = await journal.append(entries('after'));
    expect(after?.segment).not.toBe(before?.segment);
    expect(before && (await readEntry(before, 6))?.toString()).toBe('before');
  });
});
