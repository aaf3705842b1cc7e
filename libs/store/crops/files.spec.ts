import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprint } from '../files/fingerprint.js';
import { freeBytes, readIfThere, writeDurably } from './files.js';
import { cropPath, imagesRoot } from './layout.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const aside = () => join(folder, 'aside');

describe('writeDurably', () => {
  it('writes files into folders that it makes', async () => {
    const files = Array.from({ length: 20 }, (_, i) => ({
      path: join(folder, 'trap', `day-${i % 3}`, `run-${i % 5}`, `${i}.jpg`),
      bytes: Buffer.from(`image ${i}`),
    }));
    await writeDurably(files, aside());
    for (const { path, bytes } of files) expect(readFileSync(path)).toEqual(bytes);
  });

  it.each([
    ['the beginning of it', Buffer.from('who')],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(5)],
  ])('writes %s that a killed process or a power cut left again', async (_what, left) => {
    const path = join(folder, 'c.jpg');
    writeFileSync(path, left);
    await writeDurably([{ path, bytes: Buffer.from('whole') }], aside());
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(existsSync(aside())).toBe(false);
  });

  it('moves any other file aside, and overwrites none', async () => {
    const path = join(folder, 'c.jpg');
    writeFileSync(path, 'of somebody else');
    await writeDurably([{ path, bytes: Buffer.from('whole') }], aside());
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(readdirSync(aside()).map((name) => readFileSync(join(aside(), name), 'utf8'))).toEqual([
      'of somebody else',
    ]);
  });

  it('moves a folder and a link aside that stand in the place of a file', async () => {
    const paths = ['folder', 'link'].map((name) => join(folder, name));
    mkdirSync(join(paths[0] as string, 'inside'), { recursive: true });
    writeFileSync(join(folder, 'elsewhere'), 'elsewhere');
    symlinkSync(join(folder, 'elsewhere'), paths[1] as string);
    await writeDurably(
      paths.map((path) => ({ path, bytes: Buffer.from('whole') })),
      aside(),
    );
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['whole', 'whole']);
    expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('elsewhere');
    expect(readdirSync(aside())).toHaveLength(2);
  });

  it('fails where a file stands in the place of a folder', async () => {
    writeFileSync(join(folder, 'trap'), 'in the way');
    const path = join(folder, 'trap', 'run', 'c.jpg');
    await expect(writeDurably([{ path, bytes: Buffer.from('x') }], aside())).rejects.toThrow(
      /ENOTDIR|EEXIST/,
    );
  });

  it('writes the good files of a list although one fails', async () => {
    const good = Array.from({ length: 9 }, (_, i) => ({
      path: join(folder, `${i}.jpg`),
      bytes: Buffer.from('x'),
    }));
    writeFileSync(join(folder, 'no-folder'), 'in the way');
    const bad = { path: join(folder, 'no-folder', 'c.jpg'), bytes: Buffer.from('x') };
    await expect(writeDurably([...good, bad], aside())).rejects.toThrow(/ENOTDIR|EEXIST/);
    for (const { path } of good) expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it('has nothing to do for an empty list', async () => {
    await expect(writeDurably([], aside())).resolves.toBeUndefined();
  });
});

describe('the image store', () => {
  it('gives every crop a path of its own, below trap, day and run', () => {
    const crop = { trapId: 'trap-1', runId: 'r.7', cropId: '000012' };
    expect(cropPath(imagesRoot('/data'), crop, '2026-06-01', 'jpg')).toBe(
      '/data/images/trap-1/2026-06-01/r.7/000012.jpg',
    );
  });

  it('tells a file that is not there from one that cannot be read', async () => {
    expect(await readIfThere(join(folder, 'none'))).toBeUndefined();
    await expect(readIfThere(folder)).rejects.toThrow('EISDIR');
  });

  it('fingerprints bytes as archives and manifests want them', () => {
    expect(fingerprint(Buffer.from('123456789'))).toEqual({
      sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      crc32: 0xcbf43926,
    });
  });

  it('knows how much room its disk has', async () => {
    expect(await freeBytes(folder)).toBeGreaterThan(1_000_000);
  });
});
