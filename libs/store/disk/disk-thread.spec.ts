import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal } from '../journal/journal.js';
import { DiskThread } from './disk-thread.js';

// Compiled: a thread cannot load TypeScript.
const PROGRAM = new URL('../../../dist/libs/store/disk/disk-program.js', import.meta.url);

let folder: string;
let journal: Journal;
let thread: DiskThread;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-filing-'));
  journal = new Journal(join(folder, 'inbox'));
  thread = new DiskThread(folder, PROGRAM);
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
    crc32: crc32(texts[at] as string),
    path: join(folder, 'images', texts[at] as string, 'crop.jpg'),
    run: 'run',
  }));
}

const contentOf = ({ path }: { readonly path: string }) => readFileSync(path, 'utf8');

function writeAt(path: string, bytes: Buffer, position: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

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
    mkdirSync(join(folder, 'images'));
    writeFileSync(join(folder, 'images', 'bad'), 'in the way of a folder');
    const results = await Promise.allSettled([good, bad, other].map((filing) => thread.file([filing])));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: expect.stringMatching(/ENOTDIR|EEXIST/) } });
    expect([good, other].map(contentOf)).toEqual(['good', 'other']);
  });

  it('writes what it can although one file fails', async () => {
    const filings = await kept('first', 'second', 'third');
    mkdirSync(join(folder, 'images'));
    writeFileSync(join(folder, 'images', 'second'), 'in the way of a folder');
    await expect(thread.file(filings)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(filings.filter((_, at) => at !== 1).map(contentOf)).toEqual(['first', 'third']);
  });

  it('writes no file where a segment is gone, too short, or has other bytes, and the others all the same', async () => {
    const filings = await kept('crop', 'other', 'zeros', 'short');
    const [crop, other, zeros, short] = filings;
    if (!crop || !other || !zeros || !short) throw new Error('nothing was kept');
    await journal.close();
    writeAt(join(folder, 'inbox', zeros.segment), Buffer.alloc(zeros.bytes), zeros.position);
    const wrong = [{ ...other, segment: 'gone.journal' }, zeros, { ...short, bytes: 99 }];
    expect(await thread.file([...wrong, crop])).toEqual(['missing', 'damaged', 'damaged', 'whole']);
    expect(contentOf(crop)).toBe('crop');
    expect([other, zeros, short].map(({ path }) => existsSync(path))).toEqual([false, false, false]);
  });

  it('fails where the journal itself is away: that says nothing of any crop', async () => {
    const [filing] = await kept('crop');
    if (!filing) throw new Error('nothing was kept');
    renameSync(join(folder, 'inbox'), join(folder, 'unmounted'));
    await expect(thread.file([filing])).rejects.toThrow(/ENOENT/);
    renameSync(join(folder, 'unmounted'), join(folder, 'inbox'));
    expect(await thread.file([filing])).toEqual(['whole']);
  });

  it('knows without reading whether a file that it has written was changed or is gone', async () => {
    const filings = (await kept('one', 'two', 'other')).map((filing, i) => ({
      ...filing,
      run: i < 2 ? 'a' : 'b',
    }));
    await thread.file(filings);
    expect(await thread.checkOwn(['a', 'b', 'unknown'])).toEqual(['whole', 'whole', 'whole']);
    writeAt((filings[1] as { path: string }).path, Buffer.alloc(3), 0);
    expect(await thread.checkOwn(['a', 'b'])).toEqual(['damaged', 'whole']);
    rmSync((filings[2] as { path: string }).path);
    expect(await thread.checkOwn(['b'])).toEqual(['damaged']);
  });

  it('fails what was asked where the thread breaks, and starts another one', async () => {
    const broken = new DiskThread(folder, new URL('./none.js', PROGRAM));
    await expect(broken.file([])).rejects.toThrow(/Cannot find module/);
    await expect(broken.file([])).rejects.toThrow(/Cannot find module/);
    await broken.close();
  });
});
