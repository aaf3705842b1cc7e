import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { FolderPictures } from './folder-pictures.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-pictures-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const picture = (background: string) =>
  sharp({ create: { width: 20, height: 20, channels: 3, background } })
    .jpeg()
    .toBuffer();

describe('pictures of a folder', () => {
  it('are of the kinds that its folders name, and its files without their numbers', async () => {
    mkdirSync(join(folder, 'bee'));
    for (const path of ['bee/a.jpg', 'bee/b.JPEG', 'wasp_01.jpg', 'wasp_02.jpg', 'none_dirt-7.png', '3.webp'])
      writeFileSync(join(folder, path), await picture('red'));
    writeFileSync(join(folder, 'notes.txt'), 'no picture');
    const { kinds } = await FolderPictures.open(folder);
    expect(kinds.map(({ id, isInsect }) => [id, isInsect])).toEqual([
      ['picture', true],
      ['bee', true],
      ['none_dirt', false],
      ['wasp', true],
    ]);
  });

  it('show what the file shows, and no two of them have the same bytes', async () => {
    const file = await picture('#c08020');
    writeFileSync(join(folder, 'bee.jpg'), file);
    const pictures = await FolderPictures.open(folder);
    const [one, two] = await Promise.all(
      ['1', '2'].map((pose) => pictures.of({ kind: 'bee', individual: 't/r', pose })),
    );
    expect(one?.equals(two as Buffer)).toBe(false);
    const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
    expect(await pixels(one as Buffer)).toEqual(await pixels(file));
  });

  it('need at least one picture', async () => {
    await expect(FolderPictures.open(folder)).rejects.toThrow(/no JPEG, PNG or WebP/);
  });
});
