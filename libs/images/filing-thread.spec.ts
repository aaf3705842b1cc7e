import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FilingThread } from './filing-thread.js';
import { Journal } from './journal.js';

// Compiled: a thread cannot load TypeScript.
const PROGRAM = new URL('../../dist/libs/images/filing-program.js', import.meta.url);

let folder: string;
let journal: Journal;
let thread: FilingThread;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-filing-'));
  journal = new Journal(join(folder, 'inbox'));
  thread = new FilingThread(join(folder, 'inbox'), PROGRAM);
});
afterEach(async () => {
  await thread.close();
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

/** In the journal; each with the path that it is to have. */
async function kept(...texts: string[]) {
  const places = await journal.append(texts.map((text) => Buffer.from(text)));
  return places.map((place, at) => ({
    ...place,
    bytes: Buffer.byteLength(texts[at] as string),
    path: join(folder, 'images', texts[at] as string, 'crop.jpg'),
  }));
}

const contentOf = ({ path }: { readonly path: string }) => readFileSync(path, 'utf8');

describe('the thread that files', () => {
  it('makes plain files of entries in several segments of the journal', async () => {
    const filings = await kept('one', 'two');
    await journal.close();
    filings.push(...(await kept('three')));
    await thread.file(filings);
    expect(filings.map(contentOf)).toEqual(['one', 'two', 'three']);
  });

  it('takes several tasks, and tells each how it went', async () => {
    const [good, bad, other] = await kept('good', 'bad', 'other');
    if (!good || !bad || !other) throw new Error('nothing was kept');
    mkdirSync(bad.path, { recursive: true });
    const results = await Promise.allSettled([good, bad, other].map((filing) => thread.file([filing])));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'EISDIR' } });
    expect([good, other].map(contentOf)).toEqual(['good', 'other']);
  });

  it('writes what it can although one file fails', async () => {
    const filings = await kept('first', 'second', 'third');
    mkdirSync(join(folder, 'images'));
    writeFileSync(join(folder, 'images', 'second'), 'in the way of a folder');
    await expect(thread.file(filings)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(filings.filter((_, at) => at !== 1).map(contentOf)).toEqual(['first', 'third']);
  });

  it('says that a segment is gone, or shorter than it must be', async () => {
    const [filing] = await kept('crop');
    if (!filing) throw new Error('nothing was kept');
    await expect(thread.file([{ ...filing, bytes: 99 }])).rejects.toThrow(/ends before the entry at 0/);
    await expect(thread.file([{ ...filing, segment: 'gone.journal' }])).rejects.toThrow(
      /gone.journal is gone/,
    );
    await thread.file([filing]);
    expect(contentOf(filing)).toBe('crop');
  });

  it('fails what was asked where the thread breaks, and starts another one', async () => {
    const broken = new FilingThread(join(folder, 'inbox'), new URL('./none.js', PROGRAM));
    await expect(broken.file([])).rejects.toThrow(/Cannot find module/);
    await expect(broken.file([])).rejects.toThrow(/Cannot find module/);
    await broken.close();
  });
});
