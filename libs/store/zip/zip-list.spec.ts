import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { archiveName, pictureOfArchiveName } from '../crops/layout.js';
import { StoredZip } from './stored-zip.js';
import { type ListedFile, ZipList } from './zip-list.js';
import { ZipListWriter } from './zip-list-writer.js';
import type { ZipEntry } from './zip-records.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'zip-list-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const crops = (count: number): ListedFile[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `2026-06-01/meadow/run-${i % 7}/${i}.jpg`,
    bytes: i % 50,
    crc32: i,
    atMs: 1_780_000_000_000 + i,
  }));
const inMemory = (file: ListedFile): ZipEntry => ({
  ...file,
  read: async () => Buffer.alloc(file.bytes, file.crc32),
});

async function written(folder: string, fill: (list: ZipListWriter) => Promise<void>) {
  const list = await ZipListWriter.create(join(root, folder));
  await fill(list);
  const finished = await list.finish();
  await list.close();
  return finished;
}

async function all(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a list on the disk', () => {
  it.each([0, 1, 500, 1777])('makes the archive that its %i entries make', async (count) => {
    const files = crops(count);
    const { length } = await written('list', async (list) => {
      for (let from = 0; from < count; from += 40) await list.add(files.slice(from, from + 40));
    });
    const list = await ZipList.open(join(root, 'list'));
    const zip = new StoredZip(list.pages(inMemory));
    const whole = await all(new StoredZip(files.map(inMemory)).bytes());
    expect([list.length, length, zip.length]).toEqual([count, whole.length, whole.length]);
    expect((await all(zip.bytes())).equals(whole)).toBe(true);
    const tail = await all(zip.bytes(Math.floor(length / 3), length - 1));
    expect(tail.equals(whole.subarray(Math.floor(length / 3)))).toBe(true);
    await list.close();
  });

  it('holds files that are made for it, written piece by piece', async () => {
    await written('list', async (list) => {
      const table = await list.openFile('tables/runs.csv');
      await table.write('a,b\n');
      await list.add(crops(2));
      await table.write('1,ü\n');
      await table.close(5);
      await list.addText('README.txt', 'read me', 5);
    });
    const list = await ZipList.open(join(root, 'list'));
    const zip = (await all(new StoredZip(list.pages(inMemory)).bytes())).toString();
    await list.close();
    expect(zip).toMatch(/1\.jpg[\s\S]*tables\/runs\.csv[\s\S]*a,b\n1,ü\n[\s\S]*README\.txt[\s\S]*read me/);
  });

  it('has the same digest for the same content, whatever a note says of the time', async () => {
    const fill = (files: ListedFile[], note: string) => async (list: ZipListWriter) => {
      await list.add(files);
      await list.addText('runs.csv', 'a,b', note.length);
      await list.addText('README.txt', note, 1, false);
    };
    const one = await written('one', fill(crops(3), 'now'));
    const two = await written('two', fill(crops(3), 'later'));
    const other = await written('other', fill(crops(4), 'now'));
    expect([two.digest === one.digest, other.digest === one.digest]).toEqual([true, false]);
  });

  it('takes no name that would be unpacked elsewhere', async () => {
    const list = await ZipListWriter.create(join(root, 'list'));
    const [file] = crops(1) as [ListedFile];
    await expect(list.add([{ ...file, name: '../x' }])).rejects.toThrow(/not a name/);
    await expect(list.openFile('../../x')).rejects.toThrow(/not a name/);
    await list.close();
  });
});

it('finds a crop again by its name in an archive, also below other folders', () => {
  const crop = { trapId: 'meadow-1', runId: 'r.7', cropId: '2026.05.03_1' };
  const name = archiveName(crop, '2026-06-01', 'jpg');
  expect(name).toBe('2026-06-01/meadow-1/r.7/2026.05.03_1.jpg');
  const found = { crop, day: '2026-06-01', format: 'jpg' };
  expect([pictureOfArchiveName(name), pictureOfArchiveName(`media/${name}`)]).toEqual([found, found]);
});
